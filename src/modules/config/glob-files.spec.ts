import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { globFiles, matcherOf, watchedPathOf } from './glob-files.js';

describe('globFiles', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'glob-'));
    for (const name of ['a1/x.yaml', 'a1/y.yml', 'a2/x.yaml', 'b/x.yaml']) {
      await mkdir(join(root, name, '..'), { recursive: true });
      await writeFile(join(root, name), '');
    }
  });
  afterEach(() => rm(root, { recursive: true }));

  it('matches part by part and sorts', async () => {
    expect(await globFiles(join(root, 'a?/*.yaml'))).toEqual([
      join(root, 'a1/x.yaml'),
      join(root, 'a2/x.yaml'),
    ]);
    expect(await globFiles(join(root, '[ab]*/x.y*ml'))).toHaveLength(3);
    expect(await globFiles(join(root, 'none*/x'))).toEqual([]);
  });

  it('gives a plain path back, so that a missing file can be reported', async () => {
    expect(await globFiles('/no/such/file.yaml')).toEqual(['/no/such/file.yaml']);
  });
});

describe('matcherOf', () => {
  it.each([
    ['*.yaml', 'a.yaml', true],
    ['*.yaml', 'ayaml', false],
    ['[a-c]?', 'b1', true],
    ['[^a-c]?', 'b1', false],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['[]a]', ']', true],
    ['[\\]]', ']', true],
    ['(a|b)+', 'a', false],
    ['$^', '$^', true],
  ])('decides %j on %j as Go does', (pattern, name, expected) => {
    expect(matcherOf(pattern)?.test(name)).toBe(expected);
  });

  it.each(['[', '[a', '[z-a]'])(
    'takes the malformed %j for a pattern that matches nothing',
    (pattern) => {
      expect(matcherOf(pattern)).toBeUndefined();
    },
  );
});

describe('watchedPathOf', () => {
  it('leads to the directory above the first pattern', () => {
    expect(watchedPathOf('/etc/a/*.yaml')).toBe('/etc/a/*.yaml');
    expect(watchedPathOf('/etc/*/b/*.yaml')).toBe('/etc/*');
  });
});
