import type { Load } from './strategy.js';

/** The targets of one job that one collector has: what one answer is made of. */
export interface Part {
  targets: number;
  /** Changes with the answer. */
  version: number;
}

/** Where the loads of a job stand. */
export type PartsOf = (job: string) => ReadonlyMap<number, Part> | undefined;

/** Counts the targets of each collector, kept up to date with each assignment. */
export class Loads implements Load {
  readonly #indexOf: (collector: string) => number;
  readonly #partsOf: PartsOf;
  /** By the collector's index. */
  readonly totals: Int32Array;

  constructor(indexOf: (collector: string) => number, partsOf: PartsOf, totals: Int32Array) {
    this.#indexOf = indexOf;
    this.#partsOf = partsOf;
    this.totals = totals;
  }

  targets(collector: string): number {
    return this.totals[this.#indexOf(collector)] ?? 0;
  }

  targetsOfJob(collector: string, job: string): number {
    return this.#partsOf(job)?.get(this.#indexOf(collector))?.targets ?? 0;
  }
}
