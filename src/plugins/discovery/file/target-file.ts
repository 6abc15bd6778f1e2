import type { BigIntStats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { extname } from 'node:path';
import { runInSlices, type Clock, type TargetGroup } from '../../../plugin-api/index.js';
import { contentHash } from '../target-groups/content-hash.js';
import { inTurn } from '../target-groups/heap-room.js';
import { jsonTargetBudget } from '../target-groups/json-target-counter.js';
import { JsonTargetList } from '../target-groups/json-target-groups.js';
import { TargetGroupsError } from '../target-groups/target-groups.errors.js';
import { YamlTargetList } from '../target-groups/yaml-target-groups.js';

/** The longest file that is read: several hundred thousand targets. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;
const READ_AT_ONCE = 1024 * 1024;

const noGroups: readonly TargetGroup[] = [];

/** One file of target groups: knows what it last said, and what is new about it. */
export class TargetFile {
  #stamp: string | undefined;
  #hash: string | undefined;
  #modifiedSeconds: number | undefined;

  private constructor(
    readonly path: string,
    private readonly clock: Clock,
    private readonly list: JsonTargetList | YamlTargetList,
  ) {}

  static async create(path: string, clock: Clock): Promise<TargetFile> {
    const origin = { name: path, label: '__meta_filepath' };
    const isJson = extname(path).toLowerCase() === '.json';
    const list = isJson ? new JsonTargetList(origin) : await YamlTargetList.create(origin);
    return new TargetFile(path, clock, list);
  }

  /** When the content that counts was last modified, in seconds since the epoch; `undefined`: none counts yet. */
  get modifiedSeconds(): number | undefined {
    return this.#modifiedSeconds;
  }

  /**
   * Reads the file, unless it looks untouched.
   *
   * @param isThorough Read it however untouched it looks.
   * @returns The groups that changed. Rejects when it cannot be read whole and right; then its last groups stay.
   */
  async read(isThorough: boolean, signal: AbortSignal): Promise<readonly TargetGroup[]> {
    const handle = await open(this.path);
    try {
      const stats = await handle.stat({ bigint: true });
      const stamp = [stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ');
      if (!isThorough && stamp === this.#stamp) return noGroups;
      const changed = await inTurn(Number(stats.size), this.clock, async () =>
        this.#take(await contentOf(handle, stats, this.#check()), signal),
      );
      this.#stamp = stamp;
      this.#modifiedSeconds = Number(stats.mtimeMs) / 1_000;
      return changed;
    } finally {
      await handle.close();
    }
  }

  /** The file is gone. */
  async forget(signal: AbortSignal): Promise<readonly TargetGroup[]> {
    return runInSlices(this.list.clear(), this.clock, signal);
  }

  /** What sees the content while it is read. */
  #check(): (piece: Uint8Array) => void {
    return this.list instanceof JsonTargetList ? jsonTargetBudget() : () => undefined;
  }

  async #take(content: Uint8Array, signal: AbortSignal): Promise<readonly TargetGroup[]> {
    const hash = await runInSlices(contentHash(content), this.clock, signal);
    if (hash === this.#hash) return noGroups;
    const changed = await runInSlices(this.list.update(content), this.clock, signal);
    this.#hash = hash;
    return changed;
  }
}

/** Piece by piece, because a file may grow while it is read. */
async function contentOf(
  handle: FileHandle,
  stats: BigIntStats,
  check: (piece: Uint8Array) => void,
): Promise<Uint8Array> {
  let content = Buffer.allocUnsafe(Math.min(Number(stats.size), MAX_FILE_BYTES) + 1);
  let size = 0;
  for (;;) {
    const wanted = Math.min(content.length - size, READ_AT_ONCE);
    const { bytesRead } = await handle.read(content, size, wanted, size);
    check(content.subarray(size, size + bytesRead));
    size += bytesRead;
    if (bytesRead === 0) return content.subarray(0, size);
    if (size > MAX_FILE_BYTES) {
      throw new TargetGroupsError(`it is longer than ${String(MAX_FILE_BYTES)} bytes`);
    }
    if (size === content.length) content = Buffer.concat([content], size * 2);
  }
}
