import type { Clock, Counter, InformerFailure } from '../../plugin-api/index.js';
import { PresentFailure } from './present-failure.js';

/** How an informer fares, for readiness and metrics. */
export interface InformerStatus {
  /** `pods in namespace observability` */
  readonly resource: string;
  readonly hasSynced: boolean;
  /** Since the server last said something about the objects, in milliseconds; `undefined`: never. */
  readonly silentMs: number | undefined;
  readonly objects: number;
  readonly relists: number;
  readonly reconnects: number;
  readonly errors: ReadonlyMap<string, number>;
  /** What fails at present; `undefined`: nothing. */
  readonly failure: string | undefined;
  /** The HTTP status of the present failure, when the server refuses. */
  readonly failureStatus: number | undefined;
  /** The kind of the present failure, as users of the informer are told it. */
  readonly verdict: InformerFailure['kind'] | undefined;
  /** What failed last, even if it works again. */
  readonly lastError: string | undefined;
}

/** Counts what a reflector goes through. */
export class InformerHealth {
  readonly #clock: Clock;
  readonly #failures: Counter | undefined;
  readonly errors = new Map<string, number>();
  /** What users of the informer are told of the failure. */
  readonly present: PresentFailure;
  hasSynced = false;
  lists = 0;
  watches = 0;
  /** Objects that were found to differ from a fresh list. */
  inconsistencies = 0;
  failure: string | undefined;
  lastError: string | undefined;
  failureStatus: number | undefined;
  #lastHeardMs: number | undefined;

  /** @param failures Counts what {@link countError} counts, for whoever asked for the informer. */
  constructor(clock: Clock, failures?: Counter) {
    this.#clock = clock;
    this.present = new PresentFailure(clock);
    this.#failures = failures;
  }

  get silentMs(): number | undefined {
    return this.#lastHeardMs === undefined
      ? undefined
      : this.#clock.monotonicMs() - this.#lastHeardMs;
  }

  /** The server said something about the objects. */
  heard(): void {
    this.#lastHeardMs = this.#clock.monotonicMs();
  }

  countError(kind: string): void {
    this.errors.set(kind, (this.errors.get(kind) ?? 0) + 1);
    this.#failures?.add(1);
  }

  /** Lists and watches after the first ones of their kind. */
  get relists(): number {
    return Math.max(0, this.lists - 1);
  }

  get reconnects(): number {
    return Math.max(0, this.watches - 1);
  }
}
