import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { ConfigSources } from './overrides.js';
import { oneSelector, WrittenConfig } from './testing/written-config.js';

let written: WrittenConfig;
beforeEach(async () => {
  written = await WrittenConfig.create();
});
afterEach(() => written.remove());

const load = (text: string, given?: Partial<ConfigSources>) => written.load(text, given);
const refused = (text: string, given?: Partial<ConfigSources>) => written.refused(text, given);

describe('scrape_config_files', () => {
  it('reads the files that the patterns name, relative to the configuration', async () => {
    await mkdir(join(written.directory, 'jobs'));
    await writeFile(join(written.directory, 'jobs/a.yaml'), 'scrape_configs: [{job_name: from-a}]');
    await writeFile(join(written.directory, 'jobs/b.yaml'), 'scrape_configs: [{job_name: from-b}]');
    const { result, lines } = await load(
      `collector_namespace: ns\n${oneSelector}config: {scrape_config_files: ["jobs/*.yaml", none.yaml]}\n`,
    );
    expect(result).toMatchObject({ kind: 'loaded' });
    if (result.kind !== 'loaded') return;
    expect(result.config.prometheus.scrape_configs.map((config) => config.job_name)).toEqual([
      'from-a',
      'from-b',
    ]);
    expect(result.paths).toContain(join(written.directory, 'jobs/*.yaml'));
    expect(lines.join()).toContain(
      'config.scrape_config_files[1]: matches no file, got "none.yaml"',
    );
  });

  it('names file and line of what is wrong in them', async () => {
    await writeFile(
      join(written.directory, 'a.yaml'),
      'scrape_configs:\n- job_name: a\n  scheme: [x]\n',
    );
    const text = await refused(
      `collector_namespace: ns\n${oneSelector}config: {scrape_config_files: [a.yaml]}\n`,
    );
    expect(text).toContain('a.yaml:3:11: scrape_configs[0].scheme');
  });

  it('refuses one that is a directory', async () => {
    await mkdir(join(written.directory, 'd.yaml'));
    const text = await refused(
      `collector_namespace: ns\n${oneSelector}config: {scrape_config_files: [d.yaml]}\n`,
    );
    expect(text).toContain('d.yaml: a directory, not a file');
  });
});
