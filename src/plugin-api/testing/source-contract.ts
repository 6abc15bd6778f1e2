import type { Source } from '../source.js';
import { type ContractRunner, mustHold } from './contract-runner.js';

/** A source in a world that a test controls. */
export interface SourceWorld<T> {
  readonly source: Source<T>;
  /** Takes something away from the world that the source has told of; absent where nothing ever goes. */
  removeSomething?(): void | Promise<void>;
  /** Lets time pass, and whatever waits happen: moves a fake clock, or waits a little on the real one. */
  proceed(): Promise<void>;
  /** How many timers the source has armed, where the world can tell. */
  pendingTimers?(): number;
  /** Ends the world; called when the source has ended. */
  close?(): void | Promise<void>;
}

/** What a source is tried with. */
export interface SourceScenario<T> {
  readonly name: string;
  /** A fresh world with something in it to tell of. */
  open(): SourceWorld<T> | Promise<SourceWorld<T>>;
  /** Whether everything of the world is in what the source has emitted at first. */
  isComplete(first: T): boolean;
  /** Whether these emissions, the first one included, show that the removed thing is gone. */
  showsRemoval(emissions: readonly T[]): boolean;
}

/** How often a world is asked to proceed before something counts as not happening, … */
const PATIENCE = 200;
/** … and for how long at least: what is loaded or compiled on the way takes real time, whatever the world's clock says. */
const PATIENCE_MS = 1_000;

/** Defines the tests that every source must pass: of collectors, scrape configs or targets. */
export function sourceContract<T>(
  { describe, it }: ContractRunner,
  scenario: SourceScenario<T>,
): void {
  describe(`the source ${scenario.name} keeps the contract`, () => {
    it('tells everything at first', () =>
      inWorld(scenario, async (run) => {
        await run.until(() => run.emissions.length > 0, 'it emitted nothing');
        const [first] = run.emissions;
        mustHold(
          first !== undefined && scenario.isComplete(first),
          () => 'its first emission lacks something',
        );
      }));
    it('shows what has gone', () =>
      inWorld(scenario, async (run) => {
        await run.until(() => run.emissions.length > 0, 'it emitted nothing');
        if (run.world.removeSomething === undefined) return;
        await run.world.removeSomething();
        await run.until(() => scenario.showsRemoval(run.emissions), 'it did not show the removal');
      }));
    it('is silent after the signal, ends, and leaves no timer', () =>
      inWorld(scenario, async (run) => {
        await run.until(() => run.emissions.length > 0, 'it emitted nothing');
        const timers = await run.stop();
        const emitted = run.emissions.length;
        await run.world.removeSomething?.();
        for (let i = 0; i < 5; i++) await run.world.proceed();
        mustHold(run.emissions.length === emitted, () => 'it emitted after the signal');
        mustHold(timers === 0, () => `it left ${String(timers)} timers`);
      }));
    it('ends at once when it is stopped before its first emission', () =>
      inWorld(scenario, async (run) => {
        await run.stop();
      }));
  });
}

async function inWorld<T>(
  scenario: SourceScenario<T>,
  test: (run: SourceRun<T>) => Promise<void>,
): Promise<void> {
  const run = new SourceRun(await scenario.open());
  try {
    await test(run);
  } finally {
    await run.stop();
    await run.world.close?.();
  }
}

/** A source at work, and all that it has emitted. */
class SourceRun<T> {
  readonly emissions: T[] = [];
  readonly #abort = new AbortController();
  #hasEnded = false;
  #failure: string | undefined;

  constructor(readonly world: SourceWorld<T>) {
    void world.source
      .run((value) => this.emissions.push(value), this.#abort.signal)
      .catch((error: unknown) => {
        this.#failure = error instanceof Error ? error.message : String(error);
      })
      .finally(() => {
        this.#hasEnded = true;
      });
  }

  async until(condition: () => boolean, otherwise: string): Promise<void> {
    const untilMs = performance.now() + PATIENCE_MS;
    for (let i = 0; (i < PATIENCE || performance.now() < untilMs) && !condition(); i++) {
      mustHold(!this.#hasEnded, () => `it ended before the signal${this.#why()}`);
      await this.world.proceed();
    }
    mustHold(condition(), () => otherwise);
  }

  /** @returns How many timers it left. */
  async stop(): Promise<number> {
    this.#abort.abort();
    for (let i = 0; i < PATIENCE && !this.#ended(); i++) await this.world.proceed();
    mustHold(this.#ended(), () => 'it did not end after the signal');
    mustHold(this.#failure === undefined, () => `it rejected${this.#why()}`);
    return this.world.pendingTimers?.() ?? 0;
  }

  /** Asked anew after each wait. */
  #ended(): boolean {
    return this.#hasEnded;
  }

  #why(): string {
    return this.#failure === undefined ? '' : `: ${this.#failure}`;
  }
}
