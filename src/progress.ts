/** Where a run tells what it is doing. The command line and the Action each have their own. */
export interface Progress {
  info(text: string): void;
  /** `done` of `total` units of a named step; called with done = total at its end. */
  step(name: string, done: number, total: number): void;
}
