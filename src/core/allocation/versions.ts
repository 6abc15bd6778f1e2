/** Numbers that are given once: of generations and of answers. */
export class Versions {
  #last = 0;
  #retired: number[] = [];

  /** A version that was never given before. */
  next(): number {
    return ++this.#last;
  }

  /** A version for a changed answer; the former one is not asked for again once the change is visible. */
  succeed(former: number): number {
    if (former !== 0) this.#retired.push(former);
    return this.next();
  }

  retire(version: number): void {
    this.#retired.push(version);
  }

  /** Hands over the versions that have ended. */
  takeRetired(): readonly number[] {
    const retired = this.#retired;
    if (retired.length > 0) this.#retired = [];
    return retired;
  }
}
