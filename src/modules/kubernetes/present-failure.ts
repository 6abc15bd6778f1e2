import type { Clock, InformerFailure } from '../../plugin-api/index.js';
import { ApiStatusError } from './api-status.js';

type Verdict = Exclude<InformerFailure['kind'], 'unavailable'>;
type Listener = (failure: InformerFailure | undefined) => void;

/** A server that starts refuses for a moment what it grants later. */
const verdictHoldsMs = 2_000;

/** Tells a verdict of the server from a failure that says nothing of the objects. */
export class PresentFailure {
  readonly #clock: Clock;
  readonly #listeners = new Set<Listener>();
  #current: InformerFailure | undefined;
  /** What the server has said in each answer since then. */
  #suspected: { readonly verdict: Verdict; readonly sinceMs: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get current(): InformerFailure | undefined {
    return this.#current;
  }

  /** @param listener Is called when the kind of the failure changes. */
  onChange(listener: Listener): () => void {
    // Wrapped, so that a function given twice is two listeners.
    const own: Listener = (failure) => {
      listener(failure);
    };
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** A list or a watch failed. */
  set(error: unknown, message: string): void {
    const verdict = verdictOf(error);
    if (verdict === undefined) {
      this.#suspected = undefined;
      // A server that cannot be asked has not changed its mind.
      if (!isVerdict(this.#current)) this.#become({ kind: 'unavailable', message });
      return;
    }
    const nowMs = this.#clock.monotonicMs();
    if (this.#suspected?.verdict !== verdict) this.#suspected = { verdict, sinceMs: nowMs };
    const isHeld = nowMs - this.#suspected.sinceMs >= verdictHoldsMs;
    if (isHeld) this.#become({ kind: verdict, message });
    else if (!isVerdict(this.#current)) this.#become({ kind: 'unavailable', message });
  }

  /** The objects are watched. */
  clear(): void {
    this.#suspected = undefined;
    this.#become(undefined);
  }

  #become(next: InformerFailure | undefined): void {
    const former = this.#current;
    this.#current = next;
    if (former?.kind === next?.kind) return;
    for (const listener of this.#listeners) listener(next);
  }
}

function isVerdict(failure: InformerFailure | undefined): boolean {
  return failure !== undefined && failure.kind !== 'unavailable';
}

function verdictOf(error: unknown): Verdict | undefined {
  if (!(error instanceof ApiStatusError)) return undefined;
  if (error.status === 403) return 'forbidden';
  return error.status === 404 ? 'absent' : undefined;
}
