/** A signal that asks to end; a shell shows its number as the exit code 128 + number. */
export interface StopSignal {
  readonly name: 'SIGINT' | 'SIGTERM';
  readonly number: number;
}

/** What of the process it takes to hear signals. */
export interface SignalSource {
  readonly on: (name: StopSignal['name'], action: () => void) => void;
  readonly off: (name: StopSignal['name'], action: () => void) => void;
  /** Sends a signal to the process itself. */
  readonly raise: (name: StopSignal['name']) => void;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
}

const signals: readonly StopSignal[] = [
  { name: 'SIGTERM', number: 15 },
  { name: 'SIGINT', number: 2 },
];

/**
 * Hears the signals that ask the process to end, from its first moment on: a pod that is gone while it starts has not
 * failed. As long as nobody has said what they do, the first one waits and the second one ends the process at once.
 */
export class StopSignals {
  readonly #listeners = new Map<StopSignal, () => void>();
  readonly #source: SignalSource;
  #waiting: StopSignal | undefined;
  #action: ((signal: StopSignal) => void) | undefined;

  constructor(source: SignalSource) {
    this.#source = source;
    for (const signal of signals) {
      const listener = (): void => {
        this.#hear(signal);
      };
      this.#listeners.set(signal, listener);
      source.on(signal.name, listener);
    }
  }

  /** From now on they do this, in place of what they did; one that waits does it at once. */
  handle(action: (signal: StopSignal) => void): void {
    this.#action = action;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) action(waiting);
  }

  /** From now on they end the process as they end any: who interrupts a command must not take it for a success. */
  letGo(): void {
    for (const [{ name }, listener] of this.#listeners) this.#source.off(name, listener);
    if (this.#waiting !== undefined) this.#source.raise(this.#waiting.name);
  }

  #hear(signal: StopSignal): void {
    if (this.#action !== undefined) this.#action(signal);
    else if (this.#waiting === undefined) this.#waiting = signal;
    else this.#source.exit(128 + signal.number);
  }
}
