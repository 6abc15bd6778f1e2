import { LabelHash } from '../target/identity.js';
import type { OwnedTargets, OwnersView } from './decisions.js';

/** Known to everybody, so that every process computes the same. */
const PUBLIC_SEED = 0x51ed_270b;
/** Digests are below this. */
const RANGE = 2 ** 48;
const TARGETS_PER_STEP = 4096;

/** What the targets of one job that one collector has add to the digest. */
interface Share {
  /** {@link OwnedTargets.version} */
  readonly version: number;
  readonly sum: number;
}

/**
 * One number for who has which target, to compare replicas by: equal assignments have equal digests in every process,
 * whatever their histories, and different ones most probably differ. Targets without a collector do not count. It
 * remembers the share of each job and collector, so that only what has changed is read again, and costs nothing before it
 * is first asked.
 */
export class AssignmentDigest {
  readonly #hash = new LabelHash(PUBLIC_SEED);
  /** By job, then by collector. */
  readonly #shares = new Map<string, Map<string, Share>>();
  #generation = 0;
  #sum = 0;

  /**
   * Brings the digest up to date. Should the allocation change between the steps, it goes on until nothing is left to
   * read.
   *
   * @param view The same one each time.
   * @returns An integer from 0 to 2^48 - 1 that belongs to the state at the end; 0 when no target has a collector.
   */
  *refresh(view: OwnersView): Generator<void, number> {
    while (this.#generation !== view.generation) {
      const { generation } = view;
      const changed = view.changedJobs(this.#generation);
      for (const job of this.#shares.keys()) if (view.job(job) === undefined) this.#forget(job);
      for (const job of changed) {
        yield* this.#refreshJob(job, view);
        yield;
      }
      this.#generation = generation;
    }
    return this.#sum;
  }

  *#refreshJob(job: string, view: OwnersView): Generator<void, void> {
    const shares = this.#shares.get(job) ?? new Map<string, Share>();
    this.#shares.set(job, shares);
    for (const owned of yield* view.owners(job, changedCollectors(shares, view.versions(job)))) {
      const sum = yield* this.#sumOf(owned);
      this.#add(sum - (shares.get(owned.collector)?.sum ?? 0));
      if (owned.version === 0) shares.delete(owned.collector);
      else shares.set(owned.collector, { version: owned.version, sum });
    }
    if (shares.size === 0) this.#shares.delete(job);
  }

  #forget(job: string): void {
    for (const { sum } of this.#shares.get(job)?.values() ?? []) this.#add(-sum);
    this.#shares.delete(job);
  }

  #add(share: number): void {
    this.#sum = (this.#sum + share + RANGE) % RANGE;
  }

  *#sumOf({ job, collector, high, low }: OwnedTargets): Generator<void, number> {
    const hash = this.#hash;
    hash.name(job);
    hash.value(collector, hash.high, hash.low);
    const seedHigh = hash.high;
    const seedLow = hash.low;
    let sum = 0;
    for (let i = 0; i < high.length; i++) {
      sum += mixed((high[i] ?? 0) ^ seedHigh, (low[i] ?? 0) ^ seedLow);
      if (sum >= RANGE) sum -= RANGE;
      if (i % TARGETS_PER_STEP === TARGETS_PER_STEP - 1) yield;
    }
    return sum;
  }
}

/** The collectors whose shares are no longer those that are known, also of those that have no target any more. */
function changedCollectors(
  shares: ReadonlyMap<string, Share>,
  versions: ReadonlyMap<string, number>,
): readonly string[] {
  const known = new Set([...shares.keys(), ...versions.keys()]);
  return [...known].filter((name) => shares.get(name)?.version !== versions.get(name));
}

/** Spreads 64 bits over 48, so that two targets which change places make another sum. */
function mixed(high: number, low: number): number {
  let a = Math.imul(high ^ (low >>> 15), 0x85eb_ca6b);
  let b = Math.imul(low ^ (a >>> 13), 0xc2b2_ae35);
  a = Math.imul(a ^ (b >>> 16), 0x27d4_eb2f);
  b = Math.imul(b ^ (a >>> 15), 0x9e37_79b1);
  a ^= b >>> 14;
  return (a & 0xffff) * 2 ** 32 + (b >>> 0);
}
