// All benchmarks, one process each, so that none warms or crowds the next. They print times and ratios; none of them is a test.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

for (const name of [
  'start',
  'embed',
  'visual',
  'memory',
  'encoder-accuracy',
  'training-step',
  'training-memory',
  'measures',
  'streaming-memory',
]) {
  console.log(`\n── ${name}`);
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, [file], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
