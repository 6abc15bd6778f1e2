import { AssignmentDigest } from '../../core/allocation/assignment-digest.js';
import { type Clock, LoopShare } from '../../plugin-api/index.js';
import type { AllocationService } from '../allocation/index.js';

/** Amid changes replicas differ anyway, and who polls then is not to wait for the digest: first it is quiet for so long. */
const quietMs = 5_000;
/** The digest is computed after so long, however much changes. */
const longestWaitMs = 30_000;
const lookEveryMs = 1_000;
/** Between slices of the work, several times as long as one: a large answer needs many turns of the event loop. */
const pauseMs = 20;

/**
 * A number for who has which target, by which replicas can be compared. It is computed after somebody asked for it, and
 * then for the next who does: a process that nobody scrapes pays nothing for it.
 */
export class DigestGauge {
  readonly #digest = new AssignmentDigest();
  #value: number | undefined;
  #generation: number | undefined;
  #isAwaited = false;

  constructor(
    private readonly allocation: AllocationService,
    private readonly clock: Clock,
    private readonly isKnown: () => boolean,
  ) {}

  /** The last one computed; `undefined`: none was yet, or it is not known who has what. */
  read(): number | undefined {
    if (!this.isKnown()) return undefined;
    const isCurrent = this.#generation === this.allocation.owners.generation;
    if (!isCurrent && !this.#isAwaited) void this.#refresh();
    return this.#value;
  }

  async #refresh(): Promise<void> {
    const { owners } = this.allocation;
    this.#isAwaited = true;
    try {
      await this.#untilQuiet();
      const { generation } = owners;
      this.#value = await this.#runAside(this.#digest.refresh(owners));
      this.#generation = generation;
    } finally {
      this.#isAwaited = false;
    }
  }

  async #untilQuiet(): Promise<void> {
    let { generation } = this.allocation.owners;
    let unchangedMs = 0;
    for (let ms = 0; ms < longestWaitMs && unchangedMs < quietMs; ms += lookEveryMs) {
      await this.clock.sleep(lookEveryMs);
      const now = this.allocation.owners.generation;
      unchangedMs = now === generation ? unchangedMs + lookEveryMs : 0;
      generation = now;
    }
  }
  /** Nobody waits for it, so it leaves most of the time to those who wait for answers. */
  async #runAside<T>(work: Iterator<unknown, T>): Promise<T> {
    for (;;) {
      const share = new LoopShare(() => this.clock.monotonicMs());
      let step = work.next();
      while (step.done !== true && !share.isUsedUp) step = work.next();
      if (step.done === true) return step.value;
      await this.clock.sleep(pauseMs);
    }
  }
}
