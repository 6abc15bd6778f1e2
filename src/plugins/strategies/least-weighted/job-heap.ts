import type { Load } from '../../../plugin-api/index.js';

/**
 * The collectors ordered by load, then load of one job, then name. Loads that have grown since are noticed when they
 * come to the top; those that have shrunk must be told ({@link JobHeap.decreased}), because they may belong there.
 */
export class JobHeap {
  readonly #names: readonly string[];
  readonly #job: string;
  /** Members (indexes of names), as a binary heap. */
  readonly #heap: Int32Array;
  /** Where each member is in the heap. */
  readonly #at: Int32Array;
  /** What each member is ordered by; never more than its present loads. */
  readonly #load: Int32Array;
  readonly #jobLoad: Int32Array;

  /** @param names Sorted: of equally loaded collectors the first is taken. */
  constructor(names: readonly string[], job: string, load: Load) {
    this.#names = names;
    this.#job = job;
    this.#heap = Int32Array.from(names.keys());
    this.#at = Int32Array.from(names.keys());
    this.#load = Int32Array.from(names, (name) => load.targets(name));
    this.#jobLoad = Int32Array.from(names, (name) => load.targetsOfJob(name, job));
    for (let at = (names.length >> 1) - 1; at >= 0; at--) this.#sink(at);
  }

  /** The least loaded collector. */
  least(load: Load): string | undefined {
    for (;;) {
      const top = this.#heap[0] ?? 0;
      if (!this.#refresh(top, load)) return this.#names[top];
      this.#sink(0);
    }
  }

  /** The load of a member has gone down. */
  decreased(member: number, load: Load): void {
    this.#refresh(member, load);
    this.#rise(this.#at[member] ?? 0);
    this.#sink(this.#at[member] ?? 0);
  }

  /** Reads the loads of a member again; tells whether they had changed. */
  #refresh(member: number, load: Load): boolean {
    const name = this.#names[member] ?? '';
    const total = load.targets(name);
    const ofJob = load.targetsOfJob(name, this.#job);
    if (total === this.#load[member] && ofJob === this.#jobLoad[member]) return false;
    this.#load[member] = total;
    this.#jobLoad[member] = ofJob;
    return true;
  }

  #isBefore(a: number, b: number): boolean {
    const byLoad = (this.#load[a] ?? 0) - (this.#load[b] ?? 0);
    if (byLoad !== 0) return byLoad < 0;
    const byJobLoad = (this.#jobLoad[a] ?? 0) - (this.#jobLoad[b] ?? 0);
    return byJobLoad === 0 ? a < b : byJobLoad < 0;
  }

  #put(at: number, member: number): void {
    this.#heap[at] = member;
    this.#at[member] = at;
  }

  #rise(from: number): void {
    const member = this.#heap[from] ?? 0;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.#heap[parent] ?? 0;
      if (!this.#isBefore(member, above)) break;
      this.#put(at, above);
      at = parent;
    }
    this.#put(at, member);
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const member = heap[from] ?? 0;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#isBefore(heap[child + 1] ?? 0, heap[child] ?? 0)) {
        child++;
      }
      const below = heap[child] ?? 0;
      if (!this.#isBefore(below, member)) break;
      this.#put(at, below);
      at = child;
    }
    this.#put(at, member);
  }
}
