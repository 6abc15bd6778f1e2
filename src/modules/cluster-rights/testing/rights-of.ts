import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type AllocatorConfig, loadConfig } from '../../config/index.js';
import { sourcesOf, testPlugins } from '../../config/testing/written-config.js';
import { type ClusterRight, describeRight } from '../cluster-right.js';

/** A whole configuration of what a file says. */
export async function configOf(text: string): Promise<AllocatorConfig> {
  const folder = await mkdtemp(join(tmpdir(), 'rights-'));
  const file = join(folder, 'targetallocator.yaml');
  try {
    await writeFile(file, text);
    const mechanisms = new Map([...testPlugins.mechanisms, ['kubernetes', undefined] as const]);
    const loaded = await loadConfig(sourcesOf(file), { ...testPlugins, mechanisms }, 'start');
    expect(loaded.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    if (loaded.kind === 'loaded') return loaded.config;
    return expect.unreachable();
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A line for each right; a question mark for those that are only needed sometimes. */
export function linesOf(rights: readonly ClusterRight[]): readonly string[] {
  return rights.map((right) => `${describeRight(right)}${right.need === 'always' ? '' : ' ?'}`);
}
