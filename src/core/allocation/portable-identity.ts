import type { FilterRunner } from '../target/filter-runner.js';
import { LabelHash } from '../target/identity.js';
import { blockOf } from '../target/stored-group.js';
import type { JobTargets } from './job-targets.js';

/**
 * Which way portable identities are computed. It changes with anything that they are made of: those of another version
 * mean nothing here.
 */
export const portableIdentityVersion = 1;

/** Known to everybody, so that every process computes the same. */
const PUBLIC_SEED = 0x7a3c_91e5;

/**
 * The identities of {@link DecidedTargets}. They are computed when they are first asked for and kept from then on, 8
 * bytes a target: a process that exchanges no decisions has none.
 */
export class PortableIdentities {
  /** One runner for each filter, which goes with the filter's own. */
  readonly #runners = new WeakMap<FilterRunner, FilterRunner>();
  /** The identity last read. */
  high = 0;
  low = 0;

  /** Sets {@link high} and {@link low} to those of the target in a slot. */
  read(job: JobTargets, slot: number): void {
    const columns = job.records.portableColumns();
    this.high = columns.high[slot] ?? 0;
    this.low = columns.low[slot] ?? 0;
    // Nothing is known of a new slot; a target that really has this identity costs the computation each time.
    if (this.high !== 0 || this.low !== 0) return;
    this.#compute(job, slot);
    columns.high[slot] = this.high;
    columns.low[slot] = this.low;
  }

  #compute({ runner, groups, records }: JobTargets, slot: number): void {
    const { stored } = groups.get(records.group[slot] ?? 0);
    const row = records.row[slot] ?? 0;
    const portable = this.#runnerOf(runner);
    this.high = 0;
    this.low = 0;
    try {
      if (!portable.run(stored, blockOf(stored, row), row)) return;
    } catch {
      // It did not throw when the target was admitted; a filter that is not pure has been told of in the contract.
      return;
    }
    this.high = portable.high;
    this.low = portable.low;
  }

  #runnerOf(runner: FilterRunner): FilterRunner {
    let portable = this.#runners.get(runner);
    if (portable === undefined) {
      portable = runner.withHash(new LabelHash(PUBLIC_SEED));
      this.#runners.set(runner, portable);
    }
    return portable;
  }
}
