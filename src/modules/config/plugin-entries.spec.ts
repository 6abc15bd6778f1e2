import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPluginEntries } from './plugin-entries.js';
import { minimalConfig, sourcesOf, testPlugins, WrittenConfig } from './testing/written-config.js';
import { loadConfig } from './load-config.js';
import { writeFile } from 'node:fs/promises';

let written: WrittenConfig;
beforeEach(async () => {
  written = await WrittenConfig.create();
});
afterEach(() => written.remove());

const withPlugins = (plugins: string): string => `${minimalConfig}plugins: ${plugins}\n`;
async function entriesOf(text: string, plugins?: readonly string[]) {
  await writeFile(written.file, text);
  return readPluginEntries(sourcesOf(written.file, { overrides: { plugins } }));
}

describe('plugins in the configuration', () => {
  it('are read before the rest, as texts or with options, and joined by those of the flag', async () => {
    const text = withPlugins('[one, {package: ./two, options: {a: [1]}, onFailure: continue}]');
    expect(await entriesOf(text, ['./two', 'three'])).toEqual([
      { package: 'one', options: undefined, onFailure: 'abort' },
      { package: './two', options: { a: [1] }, onFailure: 'continue' },
      { package: 'three', options: undefined, onFailure: 'abort' },
    ]);
  });

  it('are none where the file is none', async () => {
    expect(await entriesOf('\t')).toEqual([]);
    expect(await entriesOf('plugins: 5')).toEqual([]);
    await written.remove();
    expect(await readPluginEntries(sourcesOf(written.file))).toEqual([]);
    written = await WrittenConfig.create();
  });

  it('are refused with the place of each mistake', async () => {
    const { lines } = await written.load(
      withPlugins('[{options: 1}, {package: a, onFailure: wait}, null]'),
    );
    const text = lines.join('\n');
    expect(text).toContain('plugins[0].package: no package');
    expect(text).toContain('plugins[1].onFailure: unknown word, got "wait"; write abort');
    expect(text).toContain('plugins[2]: empty or null entry in plugins');
    expect(
      (await written.load(withPlugins('[{package: b, options: {zone: [bad]}}]'))).lines,
    ).toEqual([
      'error: targetallocator.yaml:4:41: plugins[0].options.zone[0]: must be good, got "bad"',
    ]);
  });

  it('make a configuration without scrape configs a useful one when they bring jobs', async () => {
    const text = 'collector_namespace: ns\ncollector_selector: {}\nplugins: [a]\n';
    expect((await written.load(text)).result.kind).toBe('refused');
    await writeFile(written.file, text);
    const known = { ...testPlugins, watchers: ['a'] };
    expect((await loadConfig(sourcesOf(written.file), known, 'start')).kind).toBe('loaded');
  });
});
