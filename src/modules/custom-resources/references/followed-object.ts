import type { Clock } from '../../../plugin-api/index.js';
import { ApiStatusError, BackOff } from '../../kubernetes/index.js';
import type { ReferencedObject, ReferencedValue } from '../referenced-values.js';
import { neededRight, ReadForbiddenError, type Reading } from './object-reader.js';
import { sameValues } from './object-values.js';

export interface FollowTools {
  readonly clock: Clock;
  /** Draws from [0, 1). */
  readonly random: () => number;
  /** @throws Error when the server did not say how the object is. */
  readonly read: (object: ReferencedObject, signal: AbortSignal) => Promise<Reading>;
  /** When to read the object again although nothing was heard of it, in milliseconds from now. */
  readonly nextReadMs: (object: ReferencedObject) => number;
  /** What {@link FollowedObject.get} says has changed. */
  readonly onChange: (object: ReferencedObject) => void;
  /** A read has ended; without an error the server said how the object is. */
  readonly onRead: (object: ReferencedObject, error: unknown) => void;
}

/**
 * One object that custom resources refer to: read at once, whenever it is heard to have changed, and from time to time.
 * What was read stays until the server says otherwise: a server that is away, fails or no longer grants the right has said
 * nothing of the values.
 */
export class FollowedObject {
  readonly owners = new Set<string>();
  /** When somebody asked last, on the monotonic clock. */
  askedMs: number;
  readonly #backOff: BackOff;
  readonly #stop = new AbortController();
  #known: Reading | undefined;
  #isReading = false;
  /** Heard while a read was under way: that read may be older. */
  #heard: { readonly version: string | undefined } | undefined;
  #cancelNext: () => void = () => undefined;

  constructor(
    readonly object: ReferencedObject,
    private readonly tools: FollowTools,
  ) {
    this.askedMs = tools.clock.monotonicMs();
    this.#backOff = new BackOff(tools.random);
  }

  /** What is known; `pending` until the first answer. */
  get state(): Reading['state'] | 'pending' {
    return this.#known?.state ?? 'pending';
  }

  get(key: string): ReferencedValue {
    this.askedMs = this.tools.clock.monotonicMs();
    const known = this.#known;
    if (known === undefined) return { state: 'pending' };
    if (known.state !== 'values') return { state: 'missing', reason: this.#whyMissing(known) };
    const value = known.values.get(key);
    if (value !== undefined) return { state: 'known', text: value.reveal() };
    const reason = `${this.#name} has no key ${JSON.stringify(key)}`;
    return { state: 'missing', reason };
  }

  /** Reads it now. */
  refresh(): void {
    if (this.#isReading || this.#stop.signal.aborted) return;
    this.#cancelNext();
    this.#isReading = true;
    void this.#readUntilNew();
  }

  /** A watch has shown this version; `undefined`: the object is gone. */
  noteVersion(version: string | undefined): void {
    if (this.#isReading) this.#heard = { version };
    else if (this.#known === undefined || versionOf(this.#known) !== version) this.refresh();
  }

  /** Sets the time of the next read anew. */
  reschedule(): void {
    if (!this.#isReading) this.#schedule(this.tools.nextReadMs(this.object));
  }

  /** It is not needed any more. */
  stop(): void {
    this.#stop.abort();
    this.#cancelNext();
  }

  async #readUntilNew(): Promise<void> {
    const { signal } = this.#stop;
    let finish: () => void;
    try {
      const reading = await this.#readNewest(signal);
      finish = () => {
        this.#take(reading);
      };
    } catch (error) {
      finish = () => {
        this.#fail(error);
      };
    }
    this.#isReading = false;
    if (!signal.aborted) finish();
  }

  async #readNewest(signal: AbortSignal): Promise<Reading> {
    for (;;) {
      this.#heard = undefined;
      const reading = await this.tools.read(this.object, signal);
      const heard = this.#lastHeard();
      if (heard === undefined || reading.state === 'forbidden') return reading;
      if (versionOf(reading) === heard.version) return reading;
    }
  }

  /** Read through a method, since it changes while a read is awaited. */
  #lastHeard(): { readonly version: string | undefined } | undefined {
    return this.#heard;
  }

  #fail(error: unknown): void {
    const atLeastMs = error instanceof ApiStatusError ? (error.details.retryAfterMs ?? 0) : 0;
    this.#schedule(Math.max(this.#backOff.nextDelayMs(), atLeastMs));
    this.tools.onRead(this.object, error);
  }

  #take(reading: Reading): void {
    const { nextReadMs, onChange, onRead } = this.tools;
    this.#backOff.reset();
    this.#schedule(nextReadMs(this.object));
    const former = this.#known;
    if (former?.state === 'values' && reading.state === 'forbidden') {
      onRead(this.object, new ReadForbiddenError(this.#whyMissing(reading)));
      return;
    }
    this.#known = reading;
    onRead(this.object, undefined);
    if (former === undefined || !isSame(former, reading)) onChange(this.object);
  }

  #schedule(delayMs: number): void {
    this.#cancelNext();
    this.#cancelNext = this.tools.clock.after(delayMs, () => {
      this.refresh();
    });
  }

  #whyMissing({ state }: Reading): string {
    if (state !== 'forbidden') return `${this.#name} does not exist`;
    return `${this.#name} must not be read; needed: ${neededRight(this.object)}`;
  }

  get #name(): string {
    const { kind, namespace, name } = this.object;
    return `${kind} ${namespace}/${name}`;
  }
}

function versionOf(reading: Reading): string | undefined {
  return reading.state === 'values' ? reading.resourceVersion : undefined;
}

function isSame(a: Reading, b: Reading): boolean {
  if (a.state === 'values' && b.state === 'values') return sameValues(a, b);
  return a.state === b.state;
}
