/**
 * Spreads work over turns of the event loop, so many actions a turn, in the order in which they were asked for. A thousand
 * clients that are written to in one turn would make everybody else wait for all of them.
 */
export class FairTurns {
  readonly #actionsPerTurn: number;
  readonly #waiting: (() => void)[] = [];
  #isScheduled = false;

  constructor(actionsPerTurn: number) {
    this.#actionsPerTurn = actionsPerTurn;
  }

  /** Calls it in a later turn. It must not throw. */
  next(action: () => void): void {
    this.#waiting.push(action);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      for (const action of this.#waiting.splice(0, this.#actionsPerTurn)) action();
      this.#schedule();
    });
  }
}
