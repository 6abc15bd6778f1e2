import { dirname } from 'node:path';
import {
  abortWith,
  type Clock,
  type Logger,
  type PluginContext,
  type TargetGroup,
} from '../../../plugin-api/index.js';
import { fileMetrics, type FileMetrics } from './file-metrics.js';
import { FileScanner, type Scan } from './file-scanner.js';
import { FolderWatch } from './folder-watch.js';
import { glob } from './glob.js';

/** Editors and the kubelet change a file in several steps: they are over by then. */
const SETTLE_MS = 50;
/** While a folder cannot be watched, it is looked at this often. */
const UNWATCHED_MS = 10_000;
/** While there is no memory for a file, it is tried this often. */
const SHORT_OF_MEMORY_MS = 10_000;
/** How long a file that is broken from the beginning may keep the others waiting: it may just be being written. */
const UNKNOWN_FOR_MS = 5_000;
const UNKNOWN_RETRY_MS = 250;

type Emit = (groups: readonly TargetGroup[]) => void;

/** Scans files whenever something may have changed, for as long as it runs. */
export class FileLoop {
  readonly #refreshMs: number;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #metrics: FileMetrics;
  readonly #scanner: FileScanner;
  readonly #watch: FolderWatch;
  #isNotified = false;
  #isWatched = false;
  #isShortOfMemory = false;
  #nextRefreshMs = 0;
  #wake: () => void = () => undefined;

  constructor(
    private readonly patterns: readonly string[],
    /** Never below a tenth of a second: it must not become a busy loop. */
    refreshMs: number,
    context: PluginContext,
  ) {
    this.#refreshMs = Math.max(refreshMs, 100);
    this.#clock = context.clock;
    this.#logger = context.logger;
    this.#metrics = fileMetrics(context.meter);
    this.#scanner = new FileScanner(patterns, context.clock, context.logger, this.#metrics);
    this.#watch = new FolderWatch(
      () => {
        this.#isNotified = true;
        this.#wake();
      },
      (folder, error) => {
        this.#metrics.watcherErrors.add(1);
        this.#logger.warn('folder cannot be watched and is looked at from time to time', {
          folder,
          error: error instanceof Error ? error.message : String(error),
        });
      },
    );
  }

  /** Emits the groups of all files, then those that changed, until the signal aborts. */
  async run(emit: Emit, signal: AbortSignal): Promise<void> {
    const hide = this.#metrics.show(this.#scanner.times);
    try {
      await this.#emitFirst(emit, signal);
      while (!signal.aborted) {
        const isThorough = await this.#somethingOrRefresh(signal);
        if (isAborted(signal)) return;
        const { changed } = await this.#scan(isThorough, signal);
        if (changed.length > 0) emit(changed);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      hide();
      this.#watch.close();
    }
  }

  async #emitFirst(emit: Emit, signal: AbortSignal): Promise<void> {
    const untilMs = this.#clock.monotonicMs() + UNKNOWN_FOR_MS;
    const groups: TargetGroup[] = [];
    for (;;) {
      const { changed, hasUnknown } = await this.#scan(true, signal);
      for (const group of changed) groups.push(group);
      if (!hasUnknown || this.#clock.monotonicMs() >= untilMs) break;
      await this.#clock.sleep(UNKNOWN_RETRY_MS, signal);
      signal.throwIfAborted();
    }
    this.#nextRefreshMs = this.#clock.monotonicMs() + this.#refreshMs;
    emit(groups);
  }

  /** Folders first: what changes while files are read is then seen afterwards. */
  async #scan(isThorough: boolean, signal: AbortSignal): Promise<Scan> {
    this.#isWatched = await this.#watch.follow(await this.#folders());
    this.#isNotified = false;
    const scan = await this.#scanner.scan(isThorough, signal);
    this.#isShortOfMemory = scan.isShortOfMemory;
    return scan;
  }

  async #folders(): Promise<ReadonlySet<string>> {
    const folders = await Promise.all(
      this.patterns.map(async (pattern) => {
        const folder = dirname(pattern);
        return /[*?[\\]/.test(folder) ? glob(folder) : [folder];
      }),
    );
    return new Set(folders.flat());
  }

  /** @returns Whether the refresh interval is over: then files are read however untouched they look. */
  async #somethingOrRefresh(signal: AbortSignal): Promise<boolean> {
    if (!this.#isNotified) {
      const woken = new AbortController();
      this.#wake = () => {
        woken.abort();
      };
      const untie = abortWith(woken, signal);
      await this.#clock.sleep(this.#waitMs(), woken.signal);
      untie();
    }
    if (this.#isNotified) await this.#clock.sleep(SETTLE_MS, signal);
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#nextRefreshMs) return false;
    this.#nextRefreshMs = nowMs + this.#refreshMs;
    return true;
  }

  #waitMs(): number {
    const untilRefreshMs = Math.max(this.#nextRefreshMs - this.#clock.monotonicMs(), 0);
    return Math.min(
      untilRefreshMs,
      this.#isWatched ? Infinity : UNWATCHED_MS,
      this.#isShortOfMemory ? SHORT_OF_MEMORY_MS : Infinity,
    );
  }
}

/** Asked anew after each wait: a signal aborts while one waits. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
