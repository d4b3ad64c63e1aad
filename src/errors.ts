/** Every way a run can end early. The prefix decides who has to act (see {@link exitCodeOf}). */
export type ErrorCode =
  // The manifest: its author acts.
  | 'manifest-missing'
  | 'manifest-unreadable'
  | 'manifest-invalid'
  // The call: whoever typed the command or wrote the workflow acts.
  | 'input-invalid'
  | 'event-refused'
  // Data and networks that the manifest names.
  | 'dataset-missing'
  | 'dataset-invalid'
  | 'dataset-unreadable'
  | 'path-outside'
  | 'image-unreadable'
  | 'image-too-large'
  | 'weights-missing'
  | 'weights-mismatch'
  | 'model-invalid'
  | 'model-unsupported'
  // A number that was asked for where none can be had.
  | 'measure-refused'
  | 'shape-mismatch'
  // The machine and the network around us: nobody's fault, never red by default.
  | 'runtime-missing'
  | 'device-unavailable'
  | 'download-failed'
  | 'github-denied'
  | 'github-failed'
  | 'cancelled'
  | 'time-out';

/** A position in a file that the user wrote; line and column count from 1. */
export interface Location {
  file: string;
  line?: number;
  column?: number;
}

/** The one error type. Its message says what was expected, what was found and what to do. */
export class TransferEvidenceError extends Error {
  readonly code: ErrorCode;
  readonly location: Location | undefined;

  constructor(code: ErrorCode, message: string, options: { location?: Location; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TransferEvidenceError';
    this.code = code;
    this.location = options.location;
  }
}

const infrastructure: ReadonlySet<ErrorCode> = new Set([
  'runtime-missing',
  'device-unavailable',
  'download-failed',
  'github-denied',
  'github-failed',
  'cancelled',
  'time-out',
]);

/** Infrastructure trouble means "no evidence", never a red gate. */
export function isInfrastructure(error: unknown): boolean {
  return error instanceof TransferEvidenceError && infrastructure.has(error.code);
}

/** The command line's exit code for an error: 2 the manifest, its data or the call is wrong, 3 infrastructure. */
export function exitCodeOf(error: unknown): 2 | 3 {
  return error instanceof TransferEvidenceError && !infrastructure.has(error.code) ? 2 : 3;
}
