import { randomBytes } from 'node:crypto';
import { lstat, rename, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { StateDirectoryInUseError } from './warm-start.errors.js';

export const OWNER_FILE = 'owner.sock';

/**
 * Says whose a directory is: a socket that lives exactly as long as its process, also in another container. A lock file
 * would outlive a process that is killed, and process ids mean nothing beyond a container.
 */
export class DirectoryOwner {
  readonly #path: string;
  readonly #server: Server;
  readonly #inode: number;

  private constructor(path: string, server: Server, inode: number) {
    this.#path = path;
    this.#server = server;
    this.#inode = inode;
  }

  /** @throws StateDirectoryInUseError when another process lives in the directory; what the system says otherwise. */
  static async claim(directory: string): Promise<DirectoryOwner> {
    const path = join(directory, OWNER_FILE);
    if (await isAnswered(path)) throw new StateDirectoryInUseError(directory);
    const own = join(directory, `.owner-${randomBytes(4).toString('hex')}.tmp`);
    const server = createServer((socket) => socket.destroy());
    server.listen(own);
    await once(server, 'listening');
    server.unref();
    // Takes the place of one that is dead. Of two that do so at a time the later one finds itself there.
    await rename(own, path);
    return new DirectoryOwner(path, server, (await lstat(path)).ino);
  }

  /** Whether the directory is still there and nobody has claimed it since. */
  async isStillOwner(): Promise<boolean> {
    try {
      return (await lstat(this.#path)).ino === this.#inode;
    } catch {
      return false;
    }
  }

  async release(): Promise<void> {
    if (await this.isStillOwner()) await unlink(this.#path).catch(() => undefined);
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }
}

/** Whether a process listens there. */
async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
