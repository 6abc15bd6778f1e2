import type { Chooser, Load, Target } from '../../../plugin-api/index.js';
import { JobHeap } from './job-heap.js';

/** A heap, and how much of the log of decreases it knows. */
interface KnownHeap {
  readonly heap: JobHeap;
  seen: number;
}

/** Heaps are kept for so many jobs, the ones last asked about. */
const MAX_HEAPS = 64;

/**
 * Chooses among many collectors. Each job has a heap of its own, because equal loads are told apart by the job's load. All
 * heaps follow one log of collectors whose load went down, each when it is asked.
 */
export class HeapChooser implements Chooser {
  readonly #names: readonly string[];
  readonly #members: ReadonlyMap<string, number>;
  readonly #heaps = new Map<string, KnownHeap>();
  /** Members whose load went down; older entries are dropped, and `#dropped` counts them. */
  #decreased: number[] = [];
  #dropped = 0;

  /** @param names Sorted. */
  constructor(names: readonly string[]) {
    this.#names = names;
    this.#members = new Map(names.map((name, member) => [name, member]));
  }

  pick = ({ job }: Target, current: string | undefined, load: Load): string | undefined =>
    current ?? this.#heapOf(job, load).least(load);

  loadDecreased(collector: string): void {
    const member = this.#members.get(collector);
    if (member === undefined) return;
    this.#decreased.push(member);
    // Making a heap anew costs about as much as following this many entries.
    if (this.#decreased.length <= this.#names.length) return;
    this.#dropped += this.#decreased.length;
    this.#decreased = [];
  }

  #heapOf(job: string, load: Load): JobHeap {
    const known = this.#heaps.get(job);
    this.#heaps.delete(job);
    const now = this.#dropped + this.#decreased.length;
    if (known !== undefined && known.seen >= this.#dropped) {
      for (let i = known.seen - this.#dropped; i < this.#decreased.length; i++) {
        known.heap.decreased(this.#decreased[i] ?? 0, load);
      }
      known.seen = now;
      this.#heaps.set(job, known);
      return known.heap;
    }
    const heap = new JobHeap(this.#names, job, load);
    this.#heaps.set(job, { heap, seen: now });
    for (const oldest of this.#heaps.keys()) {
      if (this.#heaps.size <= MAX_HEAPS) break;
      this.#heaps.delete(oldest);
    }
    return heap;
  }
}
