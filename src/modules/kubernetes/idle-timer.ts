import type { Clock } from '../../plugin-api/index.js';
import { ApiTimeoutError } from './kubernetes.errors.js';

/** Aborts a request when nothing is heard for too long, or when its owner stops. */
export class IdleTimer {
  readonly #clock: Clock;
  readonly #owner: AbortSignal;
  readonly #controller = new AbortController();
  readonly #followOwner = (): void => {
    this.abort(this.#owner.reason);
  };
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, owner: AbortSignal) {
    this.#clock = clock;
    this.#owner = owner;
    if (owner.aborted) this.#followOwner();
    else owner.addEventListener('abort', this.#followOwner, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something was heard, or the wait begins: silence is allowed for so long from now. */
  allow(silenceMs: number, what: string): void {
    this.#cancel();
    this.#cancel = this.#clock.after(silenceMs, () => {
      this.abort(
        new ApiTimeoutError(`nothing heard for ${Math.round(silenceMs / 1000)} s: ${what}`),
      );
    });
  }

  abort(reason: unknown): void {
    this.stop();
    this.#controller.abort(reason);
  }

  /** The request is over. */
  stop(): void {
    this.#cancel();
    this.#owner.removeEventListener('abort', this.#followOwner);
  }
}
