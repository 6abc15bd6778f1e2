import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describeProblem } from '../../../core/document/problem.js';
import type { AllocatorConfig } from '../allocator-config.js';
import { type KnownPlugins, loadConfig } from '../load-config.js';
import type { LoadResult } from '../loaded-config.js';
import type { ConfigSources } from '../overrides.js';

/** What plugins would provide. */
export const testPlugins: KnownPlugins = {
  strategies: ['consistent-hashing', 'least-weighted', 'per-node'],
  collectorSources: ['file', 'kubernetes', 'static'],
  mechanisms: new Map([
    ['file', undefined],
    ['http', undefined],
  ]),
  watchers: [],
  checkPluginOptions: ({ options }) =>
    Promise.resolve(
      JSON.stringify(options) === '{"zone":["bad"]}'
        ? [{ message: 'must be good', path: ['zone', 0] }]
        : [],
    ),
  checkCollectorOptions: (type, options) =>
    Promise.resolve(
      type === 'static' && JSON.stringify(options) === '{"collectors":[1]}'
        ? [{ message: 'must be a mapping', path: ['collectors', 0] }]
        : [],
    ),
};

export const oneJob =
  'config: {scrape_configs: [{job_name: a, static_configs: [{targets: ["h:1"]}]}]}\n';
export const oneSelector = 'collector_selector: {matchLabels: {app: c}}\n';
/** A configuration that has what every one needs. */
export const minimalConfig = `collector_namespace: ns\n${oneSelector}${oneJob}`;

export function sourcesOf(configFile: string, given: Partial<ConfigSources> = {}): ConfigSources {
  return {
    configFile,
    overrides: {},
    log: { level: 'info', encoder: 'json', timeEncoding: 'rfc3339', stacktraceLevel: 'error' },
    isStrict: false,
    env: {},
    homeDirectory: '/home/x',
    ...given,
  };
}

/** A configuration file in a directory of its own. */
export class WrittenConfig {
  private constructor(readonly directory: string) {}

  static async create(): Promise<WrittenConfig> {
    return new WrittenConfig(await mkdtemp(join(tmpdir(), 'config-')));
  }

  get file(): string {
    return join(this.directory, 'targetallocator.yaml');
  }

  /** Writes the file and loads it; problems as lines, without the directory. */
  async load(
    text: string,
    given: Partial<ConfigSources> = {},
  ): Promise<{ readonly result: LoadResult; readonly lines: readonly string[] }> {
    await writeFile(this.file, text);
    const result = await loadConfig(sourcesOf(this.file, given), testPlugins, 'start');
    const lines = result.problems.map((problem) =>
      `${problem.severity}: ${describeProblem(problem)}`.replaceAll(`${this.directory}/`, ''),
    );
    return { result, lines };
  }

  /** @throws TypeError with the problems when it is refused. */
  async loaded(text: string, given?: Partial<ConfigSources>): Promise<AllocatorConfig> {
    const { result, lines } = await this.load(text, given);
    if (result.kind !== 'loaded') throw new TypeError(lines.join('\n'));
    return result.config;
  }

  /** @returns The problems, a line each. @throws TypeError when it is not refused. */
  async refused(text: string, given?: Partial<ConfigSources>): Promise<string> {
    const { result, lines } = await this.load(text, given);
    if (result.kind !== 'refused') throw new TypeError('was accepted');
    return lines.join('\n');
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true });
  }
}
