import type { ThreadOptions } from './train-protocol.ts';
import { TrainThread } from './train-thread.ts';

/** A thread that trains, and the network that lies open in it. */
export class OpenThread {
  readonly trainer: TrainThread;
  #open: string | null = null;

  /** @param natives the folder that holds the node_modules with onnxruntime-node (see loadNatives) */
  constructor(natives: string) {
    this.trainer = new TrainThread(natives);
  }

  /**
   * Opens a network, unless the one that lies open will do.
   * @param key the same for networks that become each other when their trained weights are set
   */
  async open(key: string, options: () => ThreadOptions): Promise<void> {
    if (this.#open === key) return;
    this.#open = null;
    await this.trainer.open(options());
    this.#open = key;
  }
}

/** Threads that train side by side, each started when there is work for it. */
export class TrainThreads {
  readonly #natives: string;
  readonly #count: number;
  readonly #started: OpenThread[] = [];

  constructor(natives: string, count: number) {
    this.#natives = natives;
    this.#count = count;
  }

  /** How many train side by side. */
  get count(): number {
    return this.#count;
  }

  /** Jobs in their order, each on the first thread that is free. After a failure none is begun any more. */
  async each<Job>(jobs: readonly Job[], work: (job: Job, thread: OpenThread) => Promise<void>): Promise<void> {
    let next = 0;
    let failed = false;
    const goOn = async (thread: OpenThread) => {
      while (!failed && next < jobs.length)
        try {
          await work(jobs[next++]!, thread);
        } catch (error) {
          failed = true;
          throw error;
        }
    };
    await Promise.all(this.#threads(jobs.length).map(goOn));
  }

  /** The same work on every thread at once. */
  all<Found>(work: (thread: OpenThread) => Promise<Found>): Promise<Found[]> {
    return Promise.all(this.#threads(this.#count).map(work));
  }

  #threads(wanted: number): OpenThread[] {
    const count = Math.min(this.#count, wanted);
    while (this.#started.length < count) this.#started.push(new OpenThread(this.#natives));
    return this.#started.slice(0, count);
  }

  /** Ends all threads; what they are at fails with cancelled. */
  async close(): Promise<void> {
    await Promise.all(this.#started.map(({ trainer }) => trainer.close()));
  }
}
