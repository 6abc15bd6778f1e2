import { setTimeout as sleep } from 'node:timers/promises';
import { podSpec, type ClusterObjects } from './cluster-objects.js';
import { seededRandom } from './random.js';

export interface ChurnOptions {
  readonly changesPerSecond: number;
  readonly seed: number;
  /** So many of those that stay are changed. @default 30 */
  readonly revised?: number;
}

/** So many pods come and go. */
const comingAndGoing = 15;

/** Creates, changes and deletes pods in an order that a seed decides; those named `kept-…` stay. */
export class Churn {
  changes = 0;
  readonly #random: () => number;
  readonly #present = new Set<number>();
  readonly #stop = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  private constructor(
    private readonly objects: ClusterObjects,
    private readonly options: ChurnOptions,
  ) {
    this.#random = seededRandom(options.seed);
  }

  static start(objects: ClusterObjects, options: ChurnOptions): Churn {
    const churn = new Churn(objects, options);
    churn.#ended = churn.#run();
    return churn;
  }

  get seed(): number {
    return this.options.seed;
  }

  /** @throws whatever the API server refused. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const startMs = performance.now();
    while (!this.#stop.signal.aborted) {
      await this.#change();
      this.changes += 1;
      const dueMs = startMs + (this.changes * 1000) / this.options.changesPerSecond;
      await sleep(Math.max(0, dueMs - performance.now()));
    }
  }

  async #change(): Promise<void> {
    if (this.#random() < 0.5) {
      const name = `kept-${String(this.#below(this.options.revised ?? 30))}`;
      await this.objects.revisePod(name, 1_000 + this.changes);
      return;
    }
    const n = this.#below(comingAndGoing);
    if (this.#present.has(n)) {
      this.#present.delete(n);
      await this.objects.deletePod(`churn-${String(n)}`);
    } else {
      this.#present.add(n);
      await this.objects.createPod(podSpec(n, 'churn'));
    }
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}
