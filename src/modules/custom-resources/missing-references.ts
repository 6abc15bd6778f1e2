import type { Clock } from '../../plugin-api/index.js';
import type { ConversionOutcome } from './conversion-outcome.js';

/**
 * How long the last good version of a resource stays when what it refers to is gone, in milliseconds. Tools that renew a
 * Secret delete it and create it anew; one that stays away was taken away, and what it allowed must end.
 */
const lastGoodStaysMs = 20_000;

/** Which resources lack a Secret or a ConfigMap, and for how long. */
export class MissingReferences {
  readonly #timers = new Map<string, () => void>();

  /** @param onOver The last good version of this resource must end. */
  constructor(
    private readonly clock: Clock,
    private readonly onOver: (key: string) => void,
  ) {}

  /** Takes the outcome of a conversion; `undefined`: there is no such resource any more. */
  note(key: string, outcome: ConversionOutcome | undefined): void {
    // While values are being read nothing new is known.
    if (outcome?.state === 'pending') return;
    if (outcome?.state !== 'rejected' || !outcome.lacksReference) this.#cancel(key);
    else if (!this.#timers.has(key)) {
      const cancel = this.clock.after(lastGoodStaysMs, () => {
        this.onOver(key);
      });
      this.#timers.set(key, cancel);
    }
  }

  close(): void {
    for (const key of [...this.#timers.keys()]) this.#cancel(key);
  }

  #cancel(key: string): void {
    this.#timers.get(key)?.();
    this.#timers.delete(key);
  }
}
