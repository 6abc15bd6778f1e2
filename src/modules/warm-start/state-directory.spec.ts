import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StateDirectory } from './state-directory.js';
import { KeptFileRefusedError, StateDirectoryInUseError } from './warm-start.errors.js';

const ROOM = 1024 * 1024;

let folder: string;
let directory: StateDirectory;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-'));
  directory = new StateDirectory(join(folder, 'new'));
  await directory.open();
});
afterEach(async () => {
  await directory.close();
  await rm(folder, { recursive: true });
});

describe('a file of the state directory', () => {
  it.each([10, 100_000])('of %i bytes is read as it was written', async (size) => {
    const content = [Buffer.alloc(size, 'ab'), Buffer.alloc(size, 'c')];
    await directory.write('f', content);
    expect(Buffer.from(await directory.read('f', ROOM))).toEqual(Buffer.concat(content));
  });

  it('is as it was or refused when its bytes have been changed', async () => {
    const content = Buffer.from(JSON.stringify({ some: 'text', with: [1, 2, 3] }).repeat(20));
    await directory.write('f', [content]);
    const packed = await readFile(join(directory.path, 'f'));
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(255), fc.boolean(), async (at, byte, isCut) => {
        const changed = Buffer.from(packed);
        changed[at % packed.length] = byte;
        const kept = isCut ? changed.subarray(0, at % packed.length) : changed;
        await writeFile(join(directory.path, 'f'), kept);
        const read = await directory.read('f', ROOM).catch((error: unknown) => {
          expect(error).toBeInstanceOf(KeptFileRefusedError);
          return content;
        });
        expect(Buffer.from(read)).toEqual(content);
      }),
    );
  });

  it('is refused when it is none, or leads out of the directory, or is too large', async () => {
    await writeFile(join(folder, 'outside'), gzipSync('outside'));
    await symlink(join(folder, 'outside'), join(directory.path, 'link'));
    await mkdir(join(directory.path, 'folder'));
    await directory.write('large', [Buffer.alloc(ROOM + 1)]);
    for (const [name, reason] of [
      ['link', 'no regular file'],
      ['folder', 'no regular file'],
      ['missing', 'missing'],
      ['large', 'too large'],
    ] as const) {
      const error: unknown = await directory.read(name, ROOM).catch((thrown: unknown) => thrown);
      expect(error, name).toBeInstanceOf(KeptFileRefusedError);
      expect(String(error), name).toContain(reason);
    }
  });
});

describe('the owner of a state directory', () => {
  it('is one process at a time', async () => {
    const second = new StateDirectory(directory.path);
    await expect(second.open()).rejects.toThrow(StateDirectoryInUseError);
    expect(await directory.isOwned()).toBe(true);
    await directory.close();
    await second.open();
    expect(await second.isOwned()).toBe(true);
    await second.close();
  });

  it('is none any more when the directory has gone', async () => {
    await rm(directory.path, { recursive: true });
    expect(await directory.isOwned()).toBe(false);
  });

  it('takes the place of one that was killed, and removes what that has left half written', async () => {
    await directory.close();
    await writeFile(join(directory.path, 'owner.sock'), '');
    await writeFile(join(directory.path, '.0123.tmp'), '');
    await directory.open();
    expect(await directory.isOwned()).toBe(true);
    expect(await directory.names()).toEqual(['owner.sock']);
  });
});
