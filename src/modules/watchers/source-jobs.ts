import type { ScrapeConfig } from '../../core/scrape-config/model.js';

/** The jobs of one source by name. Takes full lists, and tells what they change. */
export class SourceJobs {
  #list: readonly ScrapeConfig[] = [];
  readonly #first = new Map<string, ScrapeConfig>();
  readonly #repeated = new Set<string>();

  /** How many jobs the list has. */
  get size(): number {
    return this.#list.length;
  }

  /** The first job of the name. */
  get(job: string): ScrapeConfig | undefined {
    return this.#first.get(job);
  }

  /** The list has several jobs of the name. */
  isRepeated(job: string): boolean {
    return this.#repeated.has(job);
  }

  /**
   * Takes the present list. What did not change is recognised by being the same object.
   *
   * @returns The names that the source may say something else of than before.
   */
  replace(list: readonly ScrapeConfig[]): ReadonlySet<string> {
    const { gone, come } = differences(this.#list, list);
    this.#list = list;
    if (this.#repeated.size === 0) {
      for (const config of gone) this.#first.delete(config.job_name);
      for (const config of come) this.#add(config);
    }
    // Which of several is the first can be told from the whole list only.
    if (this.#repeated.size > 0) this.#readAll();
    return new Set([...gone, ...come].map((config) => config.job_name));
  }

  #readAll(): void {
    this.#first.clear();
    this.#repeated.clear();
    for (const config of this.#list) this.#add(config);
  }

  #add(config: ScrapeConfig): void {
    if (this.#first.has(config.job_name)) this.#repeated.add(config.job_name);
    else this.#first.set(config.job_name, config);
  }
}

interface Differences {
  readonly gone: readonly ScrapeConfig[];
  readonly come: readonly ScrapeConfig[];
}

/** Place by place, after what both lists end with was left out: one more or less does not make the rest differ. */
function differences(
  former: readonly ScrapeConfig[],
  present: readonly ScrapeConfig[],
): Differences {
  const shorter = Math.min(former.length, present.length);
  let start = 0;
  while (start < shorter && former[start] === present[start]) start += 1;
  let end = 0;
  while (end < shorter - start && former.at(-1 - end) === present.at(-1 - end)) end += 1;
  const before = former.slice(start, former.length - end);
  const after = present.slice(start, present.length - end);
  return {
    gone: before.filter((config, place) => config !== after[place]),
    come: after.filter((config, place) => config !== before[place]),
  };
}
