/**
 * Hashes label values for identities: two 32-bit lanes, fast in JavaScript, seeded for each process so that nobody
 * outside can prepare collisions. It only finds candidates: that two targets are the same is always compared for real.
 */
export class LabelHash {
  readonly #seedHigh: number;
  readonly #seedLow: number;
  /** The upper half of the last hash. */
  high = 0;
  /** The lower half of the last hash. */
  low = 0;

  /** @param seed Any integer. */
  constructor(seed: number) {
    this.#seedHigh = Math.imul(seed | 0, 0x9e3779b1) ^ 0x811c9dc5;
    this.#seedLow = Math.imul(Math.trunc(seed / 2 ** 32) | 0, 0x85ebca6b) ^ seed ^ 0x1b873593;
  }

  /** Hashes a label's name: where the hash of its values starts. */
  name(name: string): void {
    this.value(name, this.#seedHigh, this.#seedLow);
  }

  /** Hashes a value, starting from the two lanes given. */
  value(value: string, startHigh: number, startLow: number): void {
    const { length } = value;
    let high = startHigh;
    let low = startLow;
    for (let i = 0; i < length; i++) {
      const unit = value.charCodeAt(i);
      high = Math.imul(high ^ unit, 0x01000193);
      low = Math.imul(low ^ unit, 0x5bd1e995);
      low ^= low >>> 15;
    }
    this.high = mixed(high ^ length, 0x85ebca6b, 0xc2b2ae35);
    this.low = mixed(low ^ length, 0x9e3779b1, 0x27d4eb2f);
  }
}

/** Spreads every bit over the whole number, so that sums of hashes stay well spread. */
function mixed(value: number, first: number, second: number): number {
  let h = Math.imul(value ^ (value >>> 16), first);
  h = Math.imul(h ^ (h >>> 13), second);
  return h ^ (h >>> 16);
}
