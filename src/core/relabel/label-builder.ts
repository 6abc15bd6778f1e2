import { compareUtf8 } from '../labels/compare-utf8.js';
import { labelSetOf, type LabelSet } from '../labels/label-set.js';

/**
 * A label set while rules change it. Where several labels are gone through, their order matters (of several that are
 * mapped to one name the last one wins), and it is that of Prometheus' builder: the untouched original labels sorted by
 * name, then those that were set, oldest first.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/model/labels/labels_common.go
 */
export class LabelBuilder {
  readonly #base: LabelSet;
  /** The original labels by name, sorted when they are first gone through. */
  #sortedBase: readonly (readonly [name: string, value: string])[] | undefined;
  /** Labels that were set, in order; they hide original ones. */
  readonly #set = new Map<string, string>();
  /** Names of original labels that count no more. */
  readonly #deleted = new Set<string>();

  constructor(base: LabelSet) {
    this.#base = base;
  }

  /** The value of a label, `''` when there is none. */
  get(name: string): string {
    return this.#set.get(name) ?? (this.#deleted.has(name) ? '' : (this.#base[name] ?? ''));
  }

  /** Sets a label; the empty value deletes it. */
  set(name: string, value: string): void {
    if (value === '') this.delete(name);
    else this.#set.set(name, value);
  }

  delete(name: string): void {
    this.#set.delete(name);
    this.#deleted.add(name);
  }

  /** The labels as they are now, in the builder's order; later changes do not show. */
  entries(): (readonly [name: string, value: string])[] {
    this.#sortedBase ??= Object.entries(this.#base)
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => compareUtf8(a, b));
    const untouched = this.#sortedBase.filter(
      ([name]) => !this.#deleted.has(name) && !this.#set.has(name),
    );
    return [...untouched, ...this.#set];
  }

  /** The labels that are not empty. */
  labels(): LabelSet {
    return labelSetOf(this.entries());
  }
}
