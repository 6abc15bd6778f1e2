import { setImmediate } from 'node:timers/promises';

/** How long reading may hold the event loop, in milliseconds. */
const sliceMs = 8;

/** Lets the event loop turn when work has held it for a slice: chunks that lie ready come without a turn between them. */
export class LoopShare {
  #sliceBeganMs = performance.now();

  /** To be called between pieces of work. */
  async giveWay(): Promise<void> {
    if (performance.now() - this.#sliceBeganMs < sliceMs) return;
    await setImmediate();
    this.#sliceBeganMs = performance.now();
  }
}
