/** The command, for a POSIX shell at the root of the repository, that measures the same again. */
export function commandOf(mode: 'check' | 'review', manifest: string, seed: number): string {
  const word = /^[\w./@%+=:,-]+$/.test(manifest) && !manifest.startsWith('-');
  return `transfer-evidence ${mode} ${word ? manifest : `'${manifest.replaceAll("'", "'\\''")}'`} --seed ${seed}`;
}
