import type { Load } from 'target-allocator/plugin-api';

/** What is known of the targets of one job on one collector. */
interface Entry {
  /** Of the targets that were told of. */
  weight: number;
  /** How many were told of. */
  count: number;
}

/** What is known of one collector. */
interface Page {
  readonly entries: Map<string, Entry>;
  /** Of all its targets, as reckoned when it had `targets` of them. */
  total: number;
  targets: number;
}

/**
 * How heavy the targets of each collector are together. The host counts targets and does not say which one goes, so that
 * weights are kept by job: a target that goes takes the mean weight of its job on its collector with it. Where the targets
 * of a job weigh the same, which is the usual case, that is exact.
 */
export class WeightLedger {
  readonly #pages = new Map<string, Page>();

  /** @param weightOfJob The weight of targets that the host has and nobody told of. */
  constructor(private readonly weightOfJob: (job: string) => number) {}

  /**
   * Notes that a collector has the target from now on.
   *
   * @param load Without the target.
   */
  note(collector: string, job: string, weight: number, load: Load): void {
    const page = this.#pageOf(collector);
    const entry = page.entries.get(job) ?? { weight: 0, count: 0 };
    page.entries.set(job, entry);
    trim(entry, load.targetsOfJob(collector, job));
    entry.weight += weight;
    entry.count += 1;
    page.targets = NOT_RECKONED;
  }

  /** The weight of all targets of a collector. */
  weight(collector: string, load: Load): number {
    const page = this.#pageOf(collector);
    const targets = load.targets(collector);
    if (page.targets === targets) return page.total;
    page.total = 0;
    for (const [job, entry] of page.entries) {
      const count = load.targetsOfJob(collector, job);
      trim(entry, count);
      page.total += entry.weight + (count - entry.count) * this.weightOfJob(job);
    }
    page.targets = targets;
    return page.total;
  }

  #pageOf(collector: string): Page {
    const known = this.#pages.get(collector);
    if (known !== undefined) return known;
    const page = { entries: new Map<string, Entry>(), total: 0, targets: NOT_RECKONED };
    this.#pages.set(collector, page);
    return page;
  }
}

const NOT_RECKONED = -1;

/** Takes out what has gone: there are no more than `count` left. */
function trim(entry: Entry, count: number): void {
  if (entry.count <= count) return;
  entry.weight = count === 0 ? 0 : (entry.weight / entry.count) * count;
  entry.count = count;
}
