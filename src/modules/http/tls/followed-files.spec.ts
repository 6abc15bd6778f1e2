import { describe, expect, it } from 'vitest';
import { FollowedFiles } from './followed-files.js';

describe('files that are followed', () => {
  /** The next look finds a text, or fails with an error. */
  async function following(first: string) {
    let next: string | Error = first;
    const files = await FollowedFiles.start(() =>
      next instanceof Error ? Promise.reject(next) : Promise.resolve({ texts: [next] }),
    );
    const find = (found: string | Error) => {
      next = found;
      return files.look();
    };
    return { files, find };
  }

  it('are in force as they were at the start, or there is no start', async () => {
    const { files } = await following('a');
    expect([files.current.texts, files.isUpToDate]).toEqual([['a'], true]);
    await expect(FollowedFiles.start(() => Promise.reject(new TypeError('bad')))).rejects.toThrow();
  });

  it('come into force when they have changed', async () => {
    const { files, find } = await following('a');
    expect(await find('a')).toEqual({ kind: 'none' });
    expect(await find('b')).toEqual({ kind: 'accepted' });
    expect(files.current.texts).toEqual(['b']);
  });

  it('stay in force while the new ones cannot be used, which is told once for each reason', async () => {
    const { files, find } = await following('a');
    const [half, gone] = [new TypeError('half'), new TypeError('gone')];
    expect(await find(half)).toEqual({ kind: 'refused', error: half });
    expect(await find(new TypeError('half'))).toEqual({ kind: 'none' });
    expect([files.current.texts, files.isUpToDate]).toEqual([['a'], false]);
    expect(await find(gone)).toEqual({ kind: 'refused', error: gone });
    expect(await find('b')).toEqual({ kind: 'accepted' });
    expect([files.current.texts, files.isUpToDate]).toEqual([['b'], true]);
  });

  it('are up to date again when the former content has come back', async () => {
    const { files, find } = await following('a');
    await find(new TypeError('half'));
    expect(await find('a')).toEqual({ kind: 'accepted' });
    expect(files.isUpToDate).toBe(true);
  });
});
