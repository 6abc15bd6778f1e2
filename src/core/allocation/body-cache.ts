/** Keeps rendered answers by their version, the least recently used ones only as long as there is room. */
export class BodyCache {
  readonly #bodies = new Map<number, Uint8Array>();
  readonly #maxBytes: number;
  #bytes = 0;

  /** @param maxBytes How much is kept at most; the answer last given is kept in any case. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(version: number): Uint8Array | undefined {
    const body = this.#bodies.get(version);
    if (body === undefined) return undefined;
    this.#bodies.delete(version);
    this.#bodies.set(version, body);
    return body;
  }

  set(version: number, body: Uint8Array): void {
    this.delete(version);
    this.#bodies.set(version, body);
    this.#bytes += body.length;
    for (const oldest of this.#bodies.keys()) {
      if (this.#bytes <= this.#maxBytes || oldest === version) break;
      this.delete(oldest);
    }
  }

  delete(version: number): void {
    const body = this.#bodies.get(version);
    if (body === undefined) return;
    this.#bodies.delete(version);
    this.#bytes -= body.length;
  }
}
