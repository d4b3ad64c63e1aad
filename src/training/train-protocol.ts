import type { ErrorCode } from '../errors.ts';
import type { Speed, Steps, TrainerOptions, TrainingResult, TrainingRun, TrainingState } from './trainer-options.ts';

/** What a thread that trains is started with. */
export interface TrainWorkerData {
  /** The folder that holds the node_modules with onnxruntime-node (see loadNatives). */
  natives: string;
}

/** A network for a thread. Images and model may lie in shared memory. */
export type ThreadOptions = Omit<TrainerOptions, 'model'> & {
  /** An ONNX file. */
  model: Uint8Array;
};

/** What a thread can be asked for, by name: what it is given and what it answers. */
export interface TrainTasks {
  open: { given: ThreadOptions; answer: { parameters: number } };
  reset: { given: { standardiseBy: readonly number[]; weights?: ReadonlyMap<string, Float32Array> }; answer: null };
  train: { given: TrainingRun; answer: TrainingResult };
  state: { given: null; answer: TrainingState };
  restore: { given: TrainingState; answer: null };
  predict: { given: readonly number[]; answer: Float32Array };
  weights: { given: null; answer: Map<string, Float32Array> };
  measure: { given: { seconds?: number }; answer: Speed };
}

export type TrainTask = keyof TrainTasks;

export type ToTrainer =
  | { [Task in TrainTask]: { kind: 'task'; id: number; task: Task; given: TrainTasks[Task]['given'] } }[TrainTask]
  /** Ends the training of that id at its next chunk, wherever it waits. */
  | { kind: 'cancel'; id: number }
  | { kind: 'stop' };

export type FromTrainer =
  | { kind: 'answer'; id: number; answer: TrainTasks[TrainTask]['answer'] }
  | { kind: 'chunk'; id: number; done: number; steps: Steps }
  | { kind: 'failed'; id: number; code: ErrorCode; message: string };
