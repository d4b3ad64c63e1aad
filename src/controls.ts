/** Random initialisation of the candidates' network; claims and rankings name it so. */
export const scratchId = 'scratch';

/** The shortcut: a probe on nothing but the mean colour of each image. */
export const meanColourId = 'mean_colour';

/** Random initialisation of one candidate's own network, where the candidates have several architectures. */
export function scratchOf(candidate: string): string {
  return `${scratchId} of ${candidate}`;
}

/** Random initialisation, of the one architecture or of one candidate's own. */
export function isScratch(id: string): boolean {
  return id === scratchId || id.startsWith(scratchOf(''));
}

/** Controls that the program adds. */
export function isControl(id: string): boolean {
  return id === meanColourId || isScratch(id);
}
