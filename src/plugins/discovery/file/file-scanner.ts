import type { Clock, Logger, TargetGroup } from '../../../plugin-api/index.js';
import { HeapRoomError } from '../target-groups/heap-room.js';
import type { FileMetrics } from './file-metrics.js';
import { glob } from './glob.js';
import { TargetFile } from './target-file.js';

/** What one look at all files gave. */
export interface Scan {
  readonly changed: readonly TargetGroup[];
  /** A file that is there has not yet been read right, so that its targets are unknown. */
  readonly hasUnknown: boolean;
  /** A file was not read because there was no memory for it; that may be otherwise soon. */
  readonly isShortOfMemory: boolean;
}

/** Looks at the files that patterns name. A broken one keeps its last good groups, a deleted one loses them. */
export class FileScanner {
  readonly #files = new Map<string, TargetFile>();
  readonly #errors = new Map<string, string>();
  readonly #times = new Map<string, number>();
  #isShortOfMemory = false;

  constructor(
    private readonly patterns: readonly string[],
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly metrics: FileMetrics,
  ) {}

  /** When the files were last modified, by path, in seconds since the epoch. */
  get times(): ReadonlyMap<string, number> {
    return this.#times;
  }

  /** @param isThorough Read files however untouched they look. */
  async scan(isThorough: boolean, signal: AbortSignal): Promise<Scan> {
    const startMs = this.clock.monotonicMs();
    const paths = new Set((await Promise.all(this.patterns.map(glob))).flat());
    const changed: TargetGroup[][] = [];
    this.#isShortOfMemory = false;
    for (const [path, file] of this.#files) {
      if (!paths.has(path)) changed.push([...(await this.#forget(path, file, signal))]);
    }
    for (const path of paths) {
      const groups = await this.#read(path, isThorough, signal);
      if (groups.length > 0) changed.push([...groups]);
    }
    this.metrics.scanSeconds?.record((this.clock.monotonicMs() - startMs) / 1_000);
    return {
      changed: changed.flat(),
      hasUnknown: this.#hasUnknown(),
      isShortOfMemory: this.#isShortOfMemory,
    };
  }

  async #read(
    path: string,
    isThorough: boolean,
    signal: AbortSignal,
  ): Promise<readonly TargetGroup[]> {
    const file = this.#files.get(path) ?? (await TargetFile.create(path, this.clock));
    this.#files.set(path, file);
    try {
      const changed = await file.read(isThorough, signal);
      if (file.modifiedSeconds !== undefined) this.#times.set(path, file.modifiedSeconds);
      if (this.#errors.delete(path)) this.logger.info('file can be read again', { path });
      return changed;
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof HeapRoomError) this.#isShortOfMemory = true;
      this.#failed(path, error instanceof Error ? error.message : String(error));
      return [];
    }
  }

  #failed(path: string, error: string): void {
    this.metrics.readErrors.add(1);
    if (this.#errors.get(path) === error) return;
    this.#errors.set(path, error);
    this.logger.error('file cannot be read, its last good target groups stay', { path, error });
  }

  async #forget(
    path: string,
    file: TargetFile,
    signal: AbortSignal,
  ): Promise<readonly TargetGroup[]> {
    const gone = await file.forget(signal);
    this.#files.delete(path);
    this.#errors.delete(path);
    this.#times.delete(path);
    this.logger.info('file is gone, and its targets with it', { path });
    return gone;
  }

  #hasUnknown(): boolean {
    return [...this.#files.values()].some(({ modifiedSeconds }) => modifiedSeconds === undefined);
  }
}
