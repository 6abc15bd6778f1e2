import type { Logger } from '../../plugin-api/index.js';
import type { KeptStateMetrics } from './kept-state-metrics.js';
import { readSnapshot, type SnapshotUser } from './read-snapshot.js';
import { type Pass, SnapshotWriter, type WriterParts } from './snapshot-writer.js';
import { LOOK_EVERY_MS, StatePace } from './state-pace.js';
import { UsableDirectory } from './usable-directory.js';

/** How long the end of the process waits for what is still to be written. */
const LAST_PASS_MS = 3_000;

export interface KeeperParts extends WriterParts {
  readonly logger: Logger;
  readonly metrics: KeptStateMetrics;
}

/** Reads the directory once, and keeps it up to date from then on. */
export class StateKeeper {
  readonly #parts: KeeperParts;
  readonly #usable: UsableDirectory;
  readonly #writer: SnapshotWriter;
  readonly #pace = new StatePace();
  readonly #end = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #isRunning = false;
  #cancelTimer: (() => void) | undefined;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#usable = new UsableDirectory(parts.directory, parts.logger);
    this.#writer = new SnapshotWriter(parts);
  }

  get isUsable(): boolean {
    return this.#usable.isUsable;
  }

  get rememberedJobs(): number {
    return this.#parts.remembered.size;
  }

  /** Takes over what an earlier life has left. */
  async read(): Promise<void> {
    const { directory, remembered, logger, clock } = this.#parts;
    if ((await this.#usable.ensure()) === 'none') return;
    const user: SnapshotUser = this.#parts;
    const snapshot = await readSnapshot(directory, user, logger);
    if (snapshot === undefined) return;
    remembered.take(snapshot);
    logger.info('took over the state before the start', {
      jobs: snapshot.jobs.length,
      isWhole: snapshot.isWhole,
      ageSeconds: Math.round((clock.epochMs() - snapshot.asOfMs) / 1_000),
    });
  }

  /** Looks from now on whether there is something to be written, or to be forgotten. */
  start(): void {
    this.#cancelTimer = this.#parts.clock.after(LOOK_EVERY_MS, () => {
      this.#look();
      this.start();
    });
  }

  /** Writes what is still to be written, within a bound. */
  async stop(): Promise<void> {
    const { clock, directory } = this.#parts;
    this.#cancelTimer?.();
    const timeIsUp = clock.after(LAST_PASS_MS, () => {
      this.#end.abort();
    });
    await this.#running;
    await this.#pass();
    timeIsUp();
    await directory.close();
  }

  #look(): void {
    const { state, remembered, clock } = this.#parts;
    remembered.forgetKnown(state);
    if (this.#isRunning || this.#usable.isLost) return;
    if (!this.#pace.isDue(this.#changeKey(), clock.monotonicMs())) return;
    this.#isRunning = true;
    this.#running = this.#pass().finally(() => {
      this.#isRunning = false;
    });
  }

  /** Changes with everything that is written. */
  #changeKey(): string {
    const { state, allocation } = this.#parts;
    const version = state.scrapeConfigs?.version ?? 'none';
    const unknown = state.unknownJobs()?.size ?? 'all';
    return [version, allocation.owners.generation, unknown].join(' ');
  }

  async #pass(): Promise<void> {
    const { clock, metrics } = this.#parts;
    this.#pace.begin();
    const found = await this.#usable.ensure();
    if (found === 'none') {
      this.#pace.fail(clock.monotonicMs());
      return;
    }
    if (found === 'new') this.#writer.reset();
    const pass = await this.#writer.write(this.#end.signal);
    metrics.written(pass.writtenBytes);
    this.#take(pass);
  }

  #take({ failure, workMs }: Pass): void {
    const nowMs = this.#parts.clock.monotonicMs();
    this.#pace.end(nowMs, workMs);
    if (failure === undefined) {
      this.#usable.worked();
    } else {
      this.#usable.failed(failure);
      this.#pace.fail(nowMs);
    }
  }
}
