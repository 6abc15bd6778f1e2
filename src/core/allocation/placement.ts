import { compareUtf8 } from '../labels/compare-utf8.js';
import { emptyLabelSet, type LabelSet } from '../labels/label-set.js';
import type { Target } from '../target/target.js';
import type { Collector } from './collector.js';
import { UNASSIGNED } from './job-records.js';
import { messageOf, type PolicyErrors } from './policy-errors.js';
import type { AllocationStrategy, Chooser, Load } from './strategy.js';

/** The key of a target whose strategy failed to make one. */
const NO_KEY = -1;

/** By name, so that the order in which they came is no matter; of several with one name only one counts. */
export function sortedCollectors(collectors: readonly Collector[]): readonly Collector[] {
  return collectors
    .toSorted((a, b) => compareUtf8(a.name, b.name) || compareUtf8(a.node ?? '', b.node ?? ''))
    .filter(({ name }, i, sorted) => name !== sorted[i - 1]?.name);
}

/** Whether two sorted lists hold the same collectors, with the same node, labels and annotations. */
export function sameCollectors(a: readonly Collector[], b: readonly Collector[]): boolean {
  return (
    a.length === b.length &&
    a.every((collector, i) => {
      const other = b[i];
      return (
        collector.name === other?.name &&
        collector.node === other.node &&
        sameLabels(collector.labels, other.labels) &&
        sameLabels(collector.annotations, other.annotations)
      );
    })
  );
}

function sameLabels(a: LabelSet = emptyLabelSet, b: LabelSet = emptyLabelSet): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && a[name] === b[name])
  );
}

/** A strategy prepared for one set of collectors. It contains whatever the strategy throws. */
export class Placement {
  /** Sorted by name; owners are indexes into it. */
  readonly collectors: readonly Collector[];
  /** With a keyed strategy, the owner of each key. */
  readonly #owners: Int32Array | undefined;
  readonly #strategy: AllocationStrategy;
  readonly #errors: PolicyErrors;
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #chooser: Chooser | undefined;
  #preparationError: string | undefined;
  /** Why the last pick failed; `undefined`: it did not. */
  failure: string | undefined;

  constructor(
    strategy: AllocationStrategy,
    collectors: readonly Collector[],
    errors: PolicyErrors,
  ) {
    this.#strategy = strategy;
    this.#errors = errors;
    this.collectors = sortedCollectors(collectors);
    this.#indexes = new Map(this.collectors.map(({ name }, i) => [name, i]));
    if (collectors.length === 0) return;
    this.#owners = this.#prepareKeyed();
    if (this.#owners === undefined) this.#chooser = this.#prepareChooser();
  }

  /** A collector's index; -1 when there is none of this name. */
  indexOf(collector: string): number {
    return this.#indexes.get(collector) ?? UNASSIGNED;
  }

  /** Whether targets that have a collector keep it without being asked about. */
  get isSticky(): boolean {
    return this.#owners === undefined && this.#strategy.sticky === true;
  }

  get isKeyed(): boolean {
    return this.#owners !== undefined;
  }

  /** The key of an address; 0 for strategies that are not keyed. */
  keyOf(job: string, address: string): number {
    const { keyed } = this.#strategy;
    if (keyed === undefined) return 0;
    try {
      const key = keyed.keyOf(address);
      if (Number.isInteger(key) && key >= 0 && key < keyed.keys) return key;
      this.#errors.add('strategy', job, `key ${String(key)} is out of range`);
    } catch (error) {
      this.#errors.add('strategy', job, messageOf(error));
    }
    return NO_KEY;
  }

  /** The owner of a key, or {@link UNASSIGNED}; for keyed strategies. */
  ownerOf(key: number): number {
    this.failure = key === NO_KEY ? 'it made no valid key' : undefined;
    return this.#owners?.[key] ?? UNASSIGNED;
  }

  /**
   * Asks the strategy.
   *
   * @param current The index of the present owner, or {@link UNASSIGNED}.
   * @returns An index, or {@link UNASSIGNED}. When the strategy fails the present owner stays, and {@link failure} says
   *   why.
   */
  pick(target: Target, current: number, load: Load): number {
    this.failure = this.#preparationError;
    if (this.#chooser === undefined) return current;
    try {
      const picked = this.#chooser.pick(target, this.collectors[current]?.name, load);
      if (picked === undefined) return UNASSIGNED;
      const index = this.indexOf(picked);
      if (index !== UNASSIGNED) return index;
      this.failure = `it chose ${JSON.stringify(picked)}, which is no collector`;
    } catch (error) {
      this.failure = messageOf(error);
    }
    this.#errors.add('strategy', target.job, this.failure);
    return current;
  }

  loadDecreased(index: number): void {
    const collector = this.collectors[index];
    if (collector === undefined) return;
    try {
      this.#chooser?.loadDecreased(collector.name);
    } catch (error) {
      this.#errors.add('strategy', undefined, messageOf(error));
    }
  }

  /** Why a target has no collector although nothing failed. */
  whyUnassigned(target: Target): string {
    if (this.collectors.length === 0) return 'no collectors';
    try {
      return this.#strategy.whyUnassigned?.(target) ?? 'the strategy chose no collector';
    } catch (error) {
      return `strategy failed: ${messageOf(error)}`;
    }
  }

  #prepareKeyed(): Int32Array | undefined {
    const { keyed } = this.#strategy;
    if (keyed === undefined) return undefined;
    try {
      const owners = keyed.owners(this.collectors);
      const count = this.collectors.length;
      if (owners.length === keyed.keys && owners.every((o) => o >= -1 && o < count)) return owners;
      this.#errors.add('strategy', undefined, 'the owners of the keys are no valid table');
    } catch (error) {
      this.#errors.add('strategy', undefined, messageOf(error));
    }
    return undefined;
  }

  #prepareChooser(): Chooser | undefined {
    const strategy = this.#strategy;
    try {
      const chooser = strategy.prepareChooser?.(this.collectors);
      return chooser ?? { pick: strategy.prepare(this.collectors), loadDecreased: () => undefined };
    } catch (error) {
      this.#preparationError = messageOf(error);
      this.#errors.add('strategy', undefined, this.#preparationError);
      return undefined;
    }
  }
}
