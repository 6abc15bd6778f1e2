import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../modules/config/index.js';
import { sourcesOf, testPlugins } from '../../modules/config/testing/written-config.js';
import { checkConfig, reportText } from './check-config.js';

const collectors = 'collector_source: {type: static, collectors: [{name: c-0}]}\n';

describe('the check of a configuration', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'check-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function check(text: string) {
    const file = join(folder, 'targetallocator.yaml');
    await writeFile(file, text);
    const report = await checkConfig(file, await loadConfig(sourcesOf(file), testPlugins, 'start'));
    return { report, text: reportText(report).replaceAll(`${folder}/`, '') };
  }
  const discovering = (block: string) =>
    `${collectors}config: {scrape_configs: [{job_name: a, ${block}}]}\n`;

  it('says that there is nothing to say', async () => {
    const { report, text } = await check(discovering('static_configs: [{targets: ["h:1"]}]'));
    expect(report).toMatchObject({ ok: true, problems: [] });
    expect(text).toBe(
      'targetallocator.yaml: no errors, no warnings; the allocator can be started with it\n',
    );
  });

  it('gives for each problem the place, the value, and what would be right', async () => {
    const { report, text } = await check(
      discovering(
        'relabel_configs: [{action: keep, source_labels: [x], regex: "("}], scrape_interval: 1x',
      ).replace('type: static', 'type: statik'),
    );
    expect(report.ok).toBe(false);
    const paths = report.problems.map(({ path }) => path);
    expect(paths).toContain('config.scrape_configs[0].relabel_configs[0].regex');
    expect(paths).toContain('config.scrape_configs[0].scrape_interval');
    expect(report.problems).toContainEqual(
      expect.objectContaining({ path: 'collector_source.type', line: 1, value: 'statik' }),
    );
    expect(text).toMatch(/targetallocator\.yaml: 3 errors, no warnings; .* cannot be started/);
  });

  it('reads the files that collectors and targets come from', async () => {
    const targets = join(folder, 'targets.yaml');
    const list = join(folder, 'collectors.yaml');
    await writeFile(targets, '- targets: [1, {a: b}]\n  lables: {}\n');
    await writeFile(list, '- {node: n}\n');
    const text = discovering(`file_sd_configs: [{files: [${targets}, ${folder}/none-*.yaml]}]`);
    const { report } = await check(
      text.replace(/^.*\n/, `collector_source: {type: file, path: ${list}}\n`),
    );
    const found = report.problems.map(({ severity, file, path }) => [severity, file, path]);
    const path = 'config.scrape_configs["a"].file_sd_configs[0].files';
    expect(found).toEqual([
      ['error', list, 'collector_source.path'],
      ['error', targets, `${path}[0]`],
      ['warning', `${folder}/none-*.yaml`, `${path}[1]`],
    ]);
  });

  it('warns of credentials that are not there', async () => {
    const { report } = await check(
      discovering(
        'http_sd_configs: [{url: "http://h/", authorization: {credentials_file: /nowhere/token}}]',
      ),
    );
    expect(report.ok).toBe(true);
    expect(report.problems).toEqual([
      expect.objectContaining({
        severity: 'warning',
        file: '/nowhere/token',
        path: 'config.scrape_configs["a"].http_sd_configs[0].authorization.credentials_file',
      }),
    ]);
  });
});
