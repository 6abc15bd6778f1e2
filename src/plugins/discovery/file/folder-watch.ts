import { watch, type FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';

interface WatchedFolder {
  readonly inode: bigint;
  readonly watcher: FSWatcher;
}

/**
 * Watches folders rather than files: a ConfigMap's files are links to links, and only the folder sees that the link in
 * the middle was swapped.
 */
export class FolderWatch {
  readonly #folders = new Map<string, WatchedFolder>();

  /**
   * @param onEvent Something in one of the folders may have changed.
   * @param onError A folder that is there cannot be watched (no inotify watches left, for instance).
   */
  constructor(
    private readonly onEvent: () => void,
    private readonly onError: (folder: string, error: unknown) => void,
  ) {}

  /**
   * Watches these folders and no others from now on. A folder that was replaced is watched anew.
   *
   * @returns Whether all of them are watched.
   */
  async follow(folders: ReadonlySet<string>): Promise<boolean> {
    for (const folder of this.#folders.keys()) if (!folders.has(folder)) this.#leave(folder);
    let isComplete = true;
    for (const folder of folders) {
      const inode = await inodeOf(folder);
      const watched = this.#folders.get(folder);
      if (watched !== undefined && watched.inode === inode) continue;
      this.#leave(folder);
      if (inode === undefined || !this.#watch(folder, inode)) isComplete = false;
    }
    return isComplete;
  }

  close(): void {
    for (const folder of this.#folders.keys()) this.#leave(folder);
  }

  #watch(folder: string, inode: bigint): boolean {
    try {
      const watcher = watch(folder, { persistent: false }, this.onEvent);
      watcher.on('error', (error) => {
        this.#leave(folder);
        this.onError(folder, error);
        this.onEvent();
      });
      this.#folders.set(folder, { inode, watcher });
      return true;
    } catch (error) {
      this.onError(folder, error);
      return false;
    }
  }

  #leave(folder: string): void {
    this.#folders.get(folder)?.watcher.close();
    this.#folders.delete(folder);
  }
}

/** `undefined`: there is no such folder. */
async function inodeOf(folder: string): Promise<bigint | undefined> {
  return stat(folder, { bigint: true }).then(
    ({ ino }) => ino,
    () => undefined,
  );
}
