import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { loadProgram } from './bundle.js';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** A folder as builds leave it; the times are in seconds since 1970. */
async function built(times: { readonly bundle?: number; readonly compiled?: number }) {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  folders.push(folder);
  await mkdir(join(folder, 'bundle'));
  const files = [
    ['bundle/start.js', 'export const start = () => Promise.resolve(7);', times.bundle],
    ['.tsbuildinfo', '{}', times.compiled],
  ] as const;
  for (const [name, text, time] of files) {
    if (time === undefined) continue;
    await writeFile(join(folder, name), text);
    await utimes(join(folder, name), time, time);
  }
  return pathToFileURL(`${folder}/`);
}

describe('loading the program', () => {
  it.each([
    ['the bundle when it was made after the last compilation', { compiled: 100, bundle: 101 }],
    ['the bundle when package tools gave all files one time', { compiled: 100, bundle: 100 }],
    ['the bundle when nothing tells of compilations', { bundle: 100 }],
    ['the bundle when an image gave all files the beginning of 1970', { bundle: 0 }],
  ])('takes %s', async (_, times) => {
    const { start } = await loadProgram(await built(times));
    expect(String(start)).toContain('resolve(7)');
  });

  it.each([
    ['something was compiled after the bundle was made', { compiled: 101, bundle: 100 }],
    ['there is no bundle', { compiled: 100 }],
    ['there is neither a bundle nor a trace of a compilation', {}],
  ])('takes the modules when %s', async (_, times) => {
    const { start } = await loadProgram(await built(times));
    expect(start).toBe((await import('./start.js')).start);
  });
});
