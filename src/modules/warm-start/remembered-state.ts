import type { Decisions } from '../../core/allocation/decisions.js';
import type { ServedState } from '../allocation/index.js';
import type { KeptJob } from './kept-job.js';

/** A job as an earlier life of this allocator has left it. */
export interface RememberedJob extends KeptJob {
  /** When its targets were current, in epoch milliseconds. */
  readonly asOfMs: number;
  /** Its targets have owners that this life's strategy would have chosen, too. */
  readonly hasOwners: boolean;
}

/** What an earlier life has left. */
export interface Snapshot {
  /** When its scrape configs were current, in epoch milliseconds. */
  readonly asOfMs: number;
  readonly collectors: readonly string[];
  readonly jobs: readonly RememberedJob[];
  /** Every job that there was is among them; otherwise a list of all jobs would lack some. */
  readonly isWhole: boolean;
}

/** The parts of a {@link Snapshot} that are still of use. Each job goes as soon as it is known how it is now. */
export class RememberedState implements Decisions {
  readonly #jobs = new Map<string, RememberedJob>();
  readonly #owners = new Map<string, RememberedOwners>();
  #collectors: ReadonlySet<string> = new Set();
  #asOfMs = 0;
  #isWhole = false;

  take({ asOfMs, collectors, jobs, isWhole }: Snapshot): void {
    this.#asOfMs = asOfMs;
    this.#collectors = new Set(collectors);
    this.#isWhole = isWhole;
    for (const job of jobs) {
      this.#jobs.set(job.job, job);
      if (job.hasOwners) this.#owners.set(job.job, new RememberedOwners(job));
    }
  }

  get isEmpty(): boolean {
    return this.#jobs.size === 0;
  }

  get size(): number {
    return this.#jobs.size;
  }

  get asOfMs(): number {
    return this.#asOfMs;
  }

  /** Sorted. */
  get collectors(): ReadonlySet<string> {
    return this.#collectors;
  }

  /** In no order. */
  jobs(): Iterable<RememberedJob> {
    return this.#jobs.values();
  }

  job(name: string): RememberedJob | undefined {
    return this.#jobs.get(name);
  }

  /** The jobs with all that there were, sorted by name; `undefined`: some are not remembered (any more). */
  allJobs(): readonly RememberedJob[] | undefined {
    if (!this.#isWhole) return undefined;
    return [...this.#jobs.values()].sort((a, b) => (a.job < b.job ? -1 : 1));
  }

  collectorOf(job: string, high: number, low: number): string | undefined {
    return this.#owners.get(job)?.collectorOf(high, low);
  }

  /** Lets go of what is known by now, which includes that a job is no more. */
  forgetKnown(state: ServedState): void {
    const unknown = this.isEmpty ? undefined : state.unknownJobs();
    if (unknown === undefined) return;
    for (const job of this.#jobs.keys()) {
      if (unknown.has(job)) continue;
      this.#jobs.delete(job);
      this.#owners.delete(job);
      this.#isWhole = false;
    }
  }
}

/** Who had the targets of one job. */
class RememberedOwners {
  readonly #collectors: readonly string[];
  readonly #indexes = new Map<number, number>();

  constructor({ parts = [] }: KeptJob) {
    this.#collectors = parts.map(({ collector }) => collector);
    parts.forEach(({ owned: { high, low } }, index) => {
      for (let i = 0; i < high.length; i++)
        this.#indexes.set(keyOf(high[i] ?? 0, low[i] ?? 0), index);
    });
  }

  collectorOf(high: number, low: number): string | undefined {
    const index = this.#indexes.get(keyOf(high, low));
    return index === undefined ? undefined : this.#collectors[index];
  }
}

/** The 53 bits that a number holds exactly: two targets that share them are remembered as one, which costs one a move. */
function keyOf(high: number, low: number): number {
  return (high >>> 0) * 2 ** 21 + (low >>> 11);
}
