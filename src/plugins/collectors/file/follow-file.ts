import { watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import { abortWith, type Clock } from '../../../plugin-api/index.js';

/** Writers and the kubelet change a file in several steps; they are over by then. */
const settleMs = 200;
/** For file systems without notifications, and mounts that never notify. */
const pollMs = 30_000;

/**
 * Calls `look` at once, soon after each change in the file's directory, and every 30 s; never twice at a time. The
 * directory is watched, not the file: a ConfigMap's file is a link through another link that is swapped, and a watch on
 * the file would stay with the former one. Resolves when the signal aborts.
 */
export async function followFile(
  path: string,
  look: () => Promise<void>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const change = new AbortController();
    const untie = abortWith(change, signal);
    // Anew for each round, and before the look: nothing is missed between, and a replaced directory is found again.
    const watcher = watchDirectory(dirname(path), () => {
      change.abort();
    });
    try {
      await look();
      await clock.sleep(pollMs, change.signal);
      if (change.signal.aborted) await clock.sleep(settleMs, signal);
    } finally {
      untie();
      watcher?.close();
    }
  }
}

/** `undefined` where it cannot be watched (absent, no watches left): polling remains. */
function watchDirectory(directory: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(directory, { persistent: false }, onChange);
    watcher.on('error', onChange);
    return watcher;
  } catch {
    return undefined;
  }
}
