import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import {
  mkdir,
  open,
  readdir,
  rename,
  stat,
  unlink,
  utimes,
  type FileHandle,
} from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip, gunzip, gunzipSync, gzipSync } from 'node:zlib';
import { DirectoryOwner } from './directory-owner.js';
import { KeptFileRefusedError } from './warm-start.errors.js';

const inflate = promisify(gunzip);

/** What a thread of the pool compresses at a time. */
const PIECE_BYTES = 256 * 1024;
/** Targets shrink to a seventh with the lowest level, which takes a third of the time of the default. */
const COMPRESSION_LEVEL = 1;
/** Less is (un)packed at once, in some tenths of a millisecond: a thread would cost several times of that. */
const SMALL_BYTES = 32 * 1024;
const TEMPORARY = '.tmp';
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** A directory of compressed files that one process owns. Every method rejects with what the system says. */
export class StateDirectory {
  #owner: DirectoryOwner | undefined;

  constructor(readonly path: string) {}

  /** Makes the directory where there is none, and claims it. @throws StateDirectoryInUseError */
  async open(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    this.#owner = await DirectoryOwner.claim(this.path);
    const left = (await readdir(this.path)).filter((name) => name.endsWith(TEMPORARY));
    for (const name of left) await unlink(join(this.path, name));
  }

  /** Whether it can be written to as far as that is known: it is there, and nobody else has claimed it. */
  async isOwned(): Promise<boolean> {
    return (await this.#owner?.isStillOwner()) ?? false;
  }

  async close(): Promise<void> {
    await this.#owner?.release();
    this.#owner = undefined;
  }

  async names(): Promise<readonly string[]> {
    return readdir(this.path);
  }

  /** When the file was last written or touched, in epoch milliseconds; `undefined`: there is none. */
  async modifiedMs(name: string): Promise<number | undefined> {
    try {
      return (await stat(join(this.path, name))).mtimeMs;
    } catch {
      return undefined;
    }
  }

  async touch(name: string, epochMs: number): Promise<void> {
    const seconds = epochMs / 1_000;
    await utimes(join(this.path, name), seconds, seconds);
  }

  /**
   * @param maxBytes Of the file on the disk, and of what it inflates to.
   * @throws KeptFileRefusedError when it is no regular file of the directory, too large, or damaged.
   */
  async read(name: string, maxBytes: number): Promise<Uint8Array> {
    const packed = await readRegular(join(this.path, name), maxBytes);
    try {
      if (packed.length <= SMALL_BYTES) return gunzipSync(packed, { maxOutputLength: maxBytes });
      return await inflate(packed, { maxOutputLength: maxBytes });
    } catch (error) {
      throw new KeptFileRefusedError(
        hasCode(error, 'ERR_BUFFER_TOO_LARGE') ? 'it is too large' : 'it is damaged',
        { cause: error },
      );
    }
  }

  /** Replaces a file at once: who reads it finds the former or the new content, also after a crash. */
  async write(name: string, content: readonly Uint8Array[]): Promise<number> {
    const temporary = join(this.path, `.${randomBytes(6).toString('hex')}${TEMPORARY}`);
    const flags = O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW;
    const file = await open(temporary, flags, 0o600);
    try {
      let bytes: number;
      try {
        bytes = await compressInto(file, content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, join(this.path, name));
      return bytes;
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  }

  /** It need not be there. */
  async remove(name: string): Promise<void> {
    try {
      await unlink(join(this.path, name));
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  }
}

async function compressInto(file: FileHandle, content: readonly Uint8Array[]): Promise<number> {
  const size = content.reduce((sum, { length }) => sum + length, 0);
  if (size <= SMALL_BYTES) {
    const packed = gzipSync(Buffer.concat(content), { level: COMPRESSION_LEVEL });
    await file.writeFile(packed);
    return packed.length;
  }
  let bytes = 0;
  const target = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      file.writeFile(chunk).then(() => {
        done();
      }, done);
    },
  });
  const gzip = createGzip({ level: COMPRESSION_LEVEL, chunkSize: 64 * 1024 });
  await pipeline(Readable.from(pieces(content)), gzip, target);
  return bytes;
}

function* pieces(content: readonly Uint8Array[]): Generator<Uint8Array, void> {
  for (const bytes of content) {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      yield bytes.subarray(at, at + PIECE_BYTES);
    }
  }
}

/** Neither through a link nor from a pipe that nobody writes to, and no more than that. */
async function readRegular(path: string, maxBytes: number): Promise<Buffer> {
  const file = await openToRead(path);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new KeptFileRefusedError('it is no regular file');
    if (stats.size > maxBytes) throw new KeptFileRefusedError('it is too large');
    const bytes = Buffer.alloc(stats.size);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function openToRead(path: string): Promise<FileHandle> {
  try {
    return await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, 'ELOOP')) {
      throw new KeptFileRefusedError('it is no regular file', { cause: error });
    }
    if (hasCode(error, 'ENOENT')) {
      throw new KeptFileRefusedError('it is missing', { cause: error });
    }
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
