import type { Clock } from '../../plugin-api/index.js';

/** A wait before another attempt. */
export interface RetryWait {
  readonly delayMs: number;
  /** The server asked for it (`Retry-After`), so nothing makes the wait shorter. @default 0 */
  readonly leastDelayMs?: number;
  /** The server answered, and refused this kind of objects: that it serves others says nothing of it. @default false */
  readonly isRefused?: boolean;
}

export interface ServerReturnOptions {
  readonly clock: Clock;
  /** Draws from [0, 1). */
  readonly random: () => number;
  /** Asks the server whether it serves; never rejects. Absent: it is not asked. */
  readonly probe?: (signal: AbortSignal) => Promise<boolean>;
  /** Called whenever the server was asked and does not serve. */
  readonly onDown?: () => void;
}

interface Waiter {
  readonly isRefused: boolean;
  /** Lets the attempt be made so much later, if it was to be made later still. */
  readonly wakeWithin: (delayMs: number, isProven: boolean) => void;
}

const firstProbeMs = 1_000;
const probeIntervalMs = { least: 3_000, most: 4_000 };
/** Those that wait come back spread over so long. */
const spreadMs = 1_000;
/** A watch that works may be luck (some are served from memory while the storage is down), so it wakes others seldom. */
const shortestWakeIntervalMs = 15_000;

/**
 * Ends the waits of all who failed to reach one server when the server is back: after a long outage the back-offs have
 * become long, and each would find out by itself. The server is asked by one cheap request, however many wait.
 */
export class ServerReturn {
  readonly #options: ServerReturnOptions;
  readonly #waiters = new Set<Waiter>();
  #probing: AbortController | undefined;
  #isDown = false;
  #wokenMs = Number.NEGATIVE_INFINITY;
  #probedMs = Number.NEGATIVE_INFINITY;

  constructor(options: ServerReturnOptions) {
    this.#options = options;
  }

  /** Resolves when the time is over, the server may be back or the signal aborts; tells whether it is proven to be back. */
  async wait(wait: RetryWait, signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#options;
    const { delayMs, leastDelayMs = 0, isRefused = false } = wait;
    const nowMs = clock.monotonicMs();
    const notBeforeMs = nowMs + leastDelayMs;
    let dueMs = nowMs + Math.max(delayMs, leastDelayMs);
    let isProvenBack = false;
    const timer = new Timer(clock, signal);
    const waiter: Waiter = {
      isRefused,
      wakeWithin: (soonMs, isProven) => {
        isProvenBack ||= isProven;
        const wakeMs = Math.max(clock.monotonicMs() + soonMs, notBeforeMs);
        if (wakeMs >= dueMs) return;
        dueMs = wakeMs;
        timer.arm(dueMs - clock.monotonicMs());
      },
    };
    this.#waiters.add(waiter);
    if (!isRefused) this.#probe();
    timer.arm(dueMs - nowMs);
    await timer.done;
    this.#waiters.delete(waiter);
    return isProvenBack;
  }

  /** Somebody who had failed gets answers again. */
  noteThrough(): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#wokenMs < shortestWakeIntervalMs) return;
    this.#wake(
      [...this.#waiters].filter(({ isRefused }) => !isRefused),
      false,
    );
  }

  close(): void {
    this.#probing?.abort();
  }

  #wake(waiters: Iterable<Waiter>, isProven: boolean): void {
    this.#wokenMs = this.#options.clock.monotonicMs();
    for (const { wakeWithin } of waiters) {
      wakeWithin(this.#options.random() * spreadMs, isProven);
    }
  }

  #probe(): void {
    const { probe } = this.#options;
    if (probe === undefined || this.#probing !== undefined) return;
    const probing = new AbortController();
    this.#probing = probing;
    void this.#probeUntilBack(probe, probing.signal).finally(() => {
      if (this.#probing === probing) this.#probing = undefined;
    });
  }

  /** Only a server that was seen to be down can be back: otherwise those that fail do so for reasons of their own. */
  async #probeUntilBack(
    probe: (signal: AbortSignal) => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, random, onDown } = this.#options;
    const { least, most } = probeIntervalMs;
    await clock.sleep(Math.max(firstProbeMs, this.#probedMs + least - clock.monotonicMs()), signal);
    while (!signal.aborted && this.#isAwaited) {
      const isUp = await probe(signal);
      this.#probedMs = clock.monotonicMs();
      // Refusals are void, too: a server refuses as long as it starts.
      if (isUp && this.#isDown) this.#wake(this.#waiters, true);
      this.#isDown = !isUp;
      if (isUp) return;
      onDown?.();
      await clock.sleep(least + random() * (most - least), signal);
    }
  }

  get #isAwaited(): boolean {
    return [...this.#waiters].some(({ isRefused }) => !isRefused);
  }
}

/** A timer that can be set anew until it has rung or the signal has aborted. */
class Timer {
  readonly done: Promise<void>;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #finish: () => void = () => undefined;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    this.done = new Promise((resolve) => {
      this.#finish = () => {
        this.#cancel();
        signal.removeEventListener('abort', this.#finish);
        resolve();
      };
    });
    if (signal.aborted) this.#finish();
    else signal.addEventListener('abort', this.#finish, { once: true });
  }

  arm(delayMs: number): void {
    if (this.#signal.aborted) return;
    this.#cancel();
    this.#cancel = this.#clock.after(delayMs, this.#finish);
  }
}
