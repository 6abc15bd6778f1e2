import { watch, type FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { abortWith, type Clock, type Logger } from '../../plugin-api/index.js';

/** Editors and the kubelet change a file in several steps; they are over by then. */
const settleMs = 200;
/** For file systems without notifications, and for symlinks whose goal is changed elsewhere. */
const pollMs = 30_000;

interface WatchedDirectory {
  readonly watcher: FSWatcher | undefined;
  /** Of the directory that is watched: a new one of the same name has another. */
  readonly inode: bigint;
}

export interface PathWatcherOptions {
  /** The paths to watch now; asked again after each change and for each poll. */
  readonly paths: () => readonly string[];
  /** Something may have changed. Awaited before it is called again. Must not reject. */
  readonly onMaybeChanged: () => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Tells when files may have changed: soon after a notification of the directory that they are in (that is where a
 * ConfigMap's `..data` link is swapped; a watch on the file would stay with the former file), and every 30 s in any case.
 */
export class PathWatcher {
  readonly #options: PathWatcherOptions;
  readonly #directories = new Map<string, WatchedDirectory>();
  #isNotified = false;
  #wake: (() => void) | undefined;

  constructor(options: PathWatcherOptions) {
    this.#options = options;
  }

  /** Resolves after the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, onMaybeChanged } = this.#options;
    while (!isAborted(signal)) {
      await this.#renew();
      if (!this.#isNotified) await this.#notification(signal);
      if (this.#isNotified) await clock.sleep(settleMs, signal);
      this.#isNotified = false;
      if (!isAborted(signal)) await onMaybeChanged();
    }
    for (const { watcher } of this.#directories.values()) watcher?.close();
    this.#directories.clear();
  }

  #notify(): void {
    this.#isNotified = true;
    this.#wake?.();
  }

  async #notification(signal: AbortSignal): Promise<void> {
    const notified = new AbortController();
    this.#wake = () => {
      notified.abort();
    };
    const untie = abortWith(notified, signal);
    await this.#options.clock.sleep(pollMs, notified.signal);
    untie();
    this.#wake = undefined;
  }

  async #renew(): Promise<void> {
    const wanted = new Set(this.#options.paths().map((path) => dirname(path)));
    for (const [directory, { watcher }] of this.#directories) {
      if (wanted.has(directory)) continue;
      watcher?.close();
      this.#directories.delete(directory);
    }
    for (const directory of wanted) await this.#renewDirectory(directory);
  }

  async #renewDirectory(directory: string): Promise<void> {
    const inode = await inodeOf(directory);
    const former = this.#directories.get(directory);
    if (former?.inode === inode) return;
    former?.watcher?.close();
    this.#directories.delete(directory);
    if (inode === undefined) return;
    this.#directories.set(directory, { watcher: this.#watch(directory), inode });
    // What changed before the watch began was not told.
    this.#notify();
  }

  #watch(directory: string): FSWatcher | undefined {
    const { logger } = this.#options;
    try {
      const watcher = watch(directory, { persistent: false }, () => {
        this.#notify();
      });
      watcher.on('error', (error) => {
        logger.debug('directory is not watched any more, it is polled', { directory, error });
      });
      return watcher;
    } catch (error) {
      // No inotify watches left, or a file system without them.
      logger.warn('directory cannot be watched, its changes are seen within 30 s', {
        directory,
        error,
      });
      return undefined;
    }
  }
}

/** `undefined`: there is no such directory now; a later poll finds it. */
async function inodeOf(directory: string): Promise<bigint | undefined> {
  try {
    return (await stat(directory, { bigint: true })).ino;
  } catch {
    return undefined;
  }
}

/** A call, because the compiler takes a signal that was looked at once for one that stays as it was. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
