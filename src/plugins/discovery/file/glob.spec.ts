import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { glob, matchesName } from './glob.js';

describe('patterns of file names', () => {
  it.each([
    ['*', 'anything', true],
    ['*', '', true],
    ['*.json', 'a.json', true],
    ['*.json', '.json', true],
    ['*.json', 'a.jso', false],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXbYbZ', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a?c', 'a😀c', true],
    ['[a-c]x', 'bx', true],
    ['[a-c]x', 'dx', false],
    ['[^a-c]x', 'dx', true],
    ['[^a-c]x', 'ax', false],
    ['[ab-]', '-', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'aXb', false],
    ['[\\]]', ']', true],
    ['a.b', 'aXb', false],
    ['', '', true],
    ['', 'a', false],
  ])('%j and %j: %s', (pattern, name, expected) => {
    expect(matchesName(pattern, name)).toBe(expected);
  });

  it('are decided at once, however many stars there are', () => {
    expect(matchesName(`${'*a'.repeat(40)}b`, 'a'.repeat(5_000))).toBe(false);
  });
});

describe('glob', () => {
  const root = mkdtempSync(join(tmpdir(), 'glob-'));
  afterAll(() => {
    rmSync(root, { recursive: true });
  });
  for (const folder of ['a', 'b', 'c']) mkdirSync(join(root, folder));
  for (const file of ['a/2.json', 'a/1.json', 'a/1.yml', 'b/3.json']) {
    writeFileSync(join(root, file), '');
  }
  symlinkSync('/nowhere', join(root, 'c', 'dangling.json'));
  const found = async (pattern: string): Promise<readonly string[]> =>
    (await glob(join(root, pattern))).map((path) => path.slice(root.length + 1));

  it('names files, sorted, also in folders that are patterns', async () => {
    expect(await found('a/*.json')).toEqual(['a/1.json', 'a/2.json']);
    expect(await found('[ab]/*.json')).toEqual(['a/1.json', 'a/2.json', 'b/3.json']);
    expect(await found('a/1.json')).toEqual(['a/1.json']);
  });

  it('finds nothing where nothing is', async () => {
    expect(await found('a/9.json')).toEqual([]);
    expect(await found('none/*.json')).toEqual([]);
  });

  it('names a link that leads nowhere, because it was not deleted', async () => {
    expect(await found('c/*.json')).toEqual(['c/dangling.json']);
    expect(await found('c/dangling.json')).toEqual(['c/dangling.json']);
  });
});
