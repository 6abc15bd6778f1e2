import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenPlugins } from '../../../test/fixtures/broken-plugins/broken-plugins.js';
import {
  pluginPackage,
  strategyModule,
  writePackage,
} from '../../../test/fixtures/broken-plugins/plugin-package.js';
import { RecordingLogger } from '../../../test/fixtures/plugin-context.js';
import { SystemClock } from '../telemetry/index.js';
import type { PluginEntry } from '../config/index.js';
import { loadPlugins } from './index.js';

const taken = new Map([['strategy/per-node', 'strategies']]);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugins-'));
  for (const [name, broken] of Object.entries(brokenPlugins)) {
    await writePackage(join(folder, 'broken', name), broken.package);
  }
});
afterAll(() => rm(folder, { recursive: true }));

const request = (name: string, onFailure: PluginEntry['onFailure'] = 'abort'): PluginEntry => ({
  package: name,
  options: undefined,
  onFailure,
});
const load = (requests: readonly PluginEntry[], directories: readonly string[] = []) =>
  loadPlugins(requests, taken, {
    baseDirectory: folder,
    pluginDirectories: [join(folder, 'broken'), ...directories],
    clock: new SystemClock(),
    timeoutMs: 2_000,
    logger: new RecordingLogger(),
  });

describe('loading plugins', () => {
  it.each(Object.entries(brokenPlugins))(
    'says of the broken plugin %s what is wrong with it and what to do',
    async (name, { code, says }) => {
      const [outcome] = await load([request(name, 'continue')]);
      expect(outcome).toMatchObject({ state: 'failed', error: { code } });
      const message = outcome?.state === 'failed' ? outcome.error.message : '';
      expect(message).toMatch(says);
      expect(message).toContain(name);
      expect(message).toMatch(/; .+/);
    },
  );

  it('loads an ES module by a path, from the folder of the configuration file', async () => {
    await writePackage(join(folder, 'by-path'), pluginPackage('by-path'));
    const [outcome] = await load([request('./by-path')]);
    expect(outcome).toMatchObject({
      state: 'loaded',
      manifest: { package: { name: 'by-path', version: '1.2.3' } },
      plugin: { provides: [{ kind: 'strategy', name: 'by-path' }] },
    });
  });

  it('loads by name from a plugin directory and from node_modules, scoped names too', async () => {
    await writePackage(join(folder, 'mounted', '@team', 'one'), pluginPackage('one'));
    await writePackage(join(folder, 'mounted', 'node_modules', 'two'), pluginPackage('two'));
    await writePackage(join(folder, 'node_modules', 'three'), pluginPackage('three'));
    const requests = [request('@team/one'), request('two'), request('three')];
    const outcomes = await load(requests, [join(folder, 'mounted')]);
    expect(outcomes.map(({ state }) => state)).toEqual(['loaded', 'loaded', 'loaded']);
  });

  it('loads CommonJS, also what was compiled from an ES module', async () => {
    const body = strategyModule('plain').replace('export default', 'module.exports =');
    const compiled = strategyModule('compiled').replace('export default', 'exports.default =');
    const commonJs = { type: 'commonjs' };
    await writePackage(
      join(folder, 'plain'),
      pluginPackage('plain', { source: body, packageJson: commonJs }),
    );
    await writePackage(
      join(folder, 'compiled'),
      pluginPackage('compiled', { source: compiled, packageJson: commonJs }),
    );
    const outcomes = await load([request('./plain'), request('./compiled')]);
    expect(outcomes.map(({ state }) => state)).toEqual(['loaded', 'loaded']);
  });

  it('names every place where it looked for a package', async () => {
    const [outcome] = await load([request('nowhere', 'continue')]);
    const message = outcome?.state === 'failed' ? outcome.error.message : '';
    expect(message).toMatch(/^TA_PLUGIN_NOT_FOUND: plugin nowhere: no package\.json in /);
    expect(message).toContain(join(folder, 'broken', 'nowhere'));
    expect(message).toContain(join(folder, 'node_modules', 'nowhere'));
  });

  it('refuses the second of two plugins that provide the same, naming both', async () => {
    const source = strategyModule('same');
    const targetAllocator = {
      apiVersion: '1.0',
      plugin: './index.js',
      provides: ['strategy/same'],
    };
    for (const name of ['first', 'second']) {
      await writePackage(join(folder, name), pluginPackage(name, { source, targetAllocator }));
    }
    await expect(load([request('./first'), request('./second')])).rejects.toThrow(
      'TA_PLUGIN_DUPLICATE: plugin second@1.2.3: it provides strategy/same, and so does first',
    );
  });

  it('loads few of many at a time, which leaves each its share of the machine', async () => {
    const underWay = join(folder, 'under-way');
    await mkdir(underWay);
    // Each looks how many there are with it, while it is imported.
    const source = (name: string): string => `
      import { mkdirSync, readdirSync, rmdirSync } from 'node:fs';
      import { setTimeout } from 'node:timers/promises';
      const own = ${JSON.stringify(join(underWay, name))};
      mkdirSync(own);
      await setTimeout(100);
      const others = readdirSync(${JSON.stringify(underWay)});
      rmdirSync(own);
      if (others.length > ${String(Math.max(2, availableParallelism()))}) throw new Error(others.join());
      ${strategyModule(name)}`;
    const names = Array.from({ length: 12 }, (_, i) => `many-${String(i)}`);
    for (const name of names) {
      await writePackage(join(folder, name), pluginPackage(name, { source: source(name) }));
    }
    const outcomes = await load(names.map((name) => request(`./${name}`)));
    const loaded = outcomes.map(({ state, entry }) => `${entry.package} ${state}`);
    expect(loaded).toEqual(names.map((name) => `./${name} loaded`));
  });

  it('tells of every plugin that must not be missing, and goes on without the others', async () => {
    await expect(load([request('throws'), request('no-plugin')])).rejects.toThrow(
      /TA_PLUGIN_THREW[^]*TA_PLUGIN_NOT_A_PLUGIN/,
    );
    await writePackage(join(folder, 'good'), pluginPackage('good'));
    const outcomes = await load([request('throws', 'continue'), request('./good')]);
    expect(outcomes.map(({ state }) => state)).toEqual(['failed', 'loaded']);
  });
});
