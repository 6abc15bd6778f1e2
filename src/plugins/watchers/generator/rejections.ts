/** More reasons help nobody, and a hostile resource has as many as it likes. */
const mostReasons = 20;

/** Collects why a resource cannot be used, each reason once. */
export class Rejections {
  readonly #reasons = new Set<string>();
  #isCut = false;

  /** @param reason Is asked for only while it would be kept, because a resource may be wrong a million times. */
  add(reason: () => string): void {
    if (this.#reasons.size < mostReasons) this.#reasons.add(reason());
    else this.#isCut = true;
  }

  get isEmpty(): boolean {
    return this.#reasons.size === 0;
  }

  get reasons(): readonly string[] {
    return this.#isCut ? [...this.#reasons, 'there may be more that is wrong'] : [...this.#reasons];
  }
}
