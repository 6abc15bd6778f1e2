import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Allocator } from '../../fixtures/allocator.js';
import { brokenPlugins } from '../../fixtures/broken-plugins/broken-plugins.js';
import { eventually } from '../../fixtures/eventually.js';
import { pluginPackage, writePackage } from '../../fixtures/broken-plugins/plugin-package.js';

/** A strategy that takes the collector of a number, written as its author would: against the public contract. */
const source = `
import { definePlugin, defineStrategy } from 'target-allocator/plugin-api';

const schema = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      Number.isInteger(value?.index)
        ? { value }
        : { issues: [{ message: 'must be a whole number', path: ['index'] }] },
  },
};
const numbered = defineStrategy({
  name: 'numbered',
  stability: 'alpha',
  configSchema: schema,
  create: ({ index }, { logger, joinReadiness }) => {
    logger.info('made', { index });
    joinReadiness({ name: 'numbers', status: () => ({ answered: true, detail: 'all counted' }) });
    return {
      prepare: (collectors) => {
        const names = collectors.map(({ name }) => name).sort();
        return () => names[index];
      },
    };
  },
});
export default definePlugin({ name: 'ta-plugin-numbered', provides: [numbered] });
`;
const targetAllocator = {
  apiVersion: '1.0',
  plugin: './index.js',
  provides: ['strategy/numbered'],
};

let folder = '';
let allocator: Allocator | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mounted-'));
  await writePackage(
    join(folder, 'ta-plugin-numbered'),
    pluginPackage('ta-plugin-numbered', { source, targetAllocator }),
  );
  for (const [name, broken] of Object.entries(brokenPlugins)) {
    await writePackage(join(folder, name), broken.package);
  }
});
afterEach(async () => {
  await allocator?.stop();
  allocator = undefined;
});
afterAll(() => rm(folder, { recursive: true }));

const configWith = (plugins: readonly unknown[], more: object = {}): object => ({
  collector_namespace: 'ns',
  collector_source: { type: 'static', collectors: [{ name: 'a' }, { name: 'b' }] },
  plugins,
  config: { scrape_configs: [{ job_name: 'j', static_configs: [{ targets: ['h:1', 'h:2'] }] }] },
  ...more,
});
const start = async (config: object): Promise<Allocator> =>
  (allocator = await Allocator.start({ config, flags: ['--plugin-dir', folder] }));

describe('plugins of a running allocator', () => {
  it('allocate by a strategy from a mounted folder, with options from the configuration file', async () => {
    const plugins = [{ package: 'ta-plugin-numbered', options: { index: 1 } }];
    const running = await start(configWith(plugins, { allocation_strategy: 'numbered' }));
    await running.waitUntilReady();
    const served = (await running.get('/jobs/j/targets?collector_id=b')).text;
    expect(JSON.parse(served)).toHaveLength(2);
    expect((await running.get('/readyz?verbose')).text).toContain('ta-plugin-numbered/numbers');
    expect(running.program.output).toMatch(
      /"logger":"plugin\.ta-plugin-numbered\.strategy\.numbered"/,
    );
    const { plugins: listed } = (await running.getJson('/api/v1/plugins')) as {
      readonly plugins: readonly { readonly name: string }[];
    };
    expect(listed.find(({ name }) => name === 'ta-plugin-numbered')).toEqual({
      name: 'ta-plugin-numbered',
      version: '1.2.3',
      built_in: false,
      state: 'loaded',
      provides: ['strategy/numbered'],
      options: { index: 1 },
      error: null,
    });
  });

  it('are named when they block the event loop', async () => {
    const blocking = `
import { definePlugin, defineStrategy } from 'target-allocator/plugin-api';
function think() {
  for (const end = Date.now() + 2_000; Date.now() < end; );
}
const slow = defineStrategy({
  name: 'slow',
  stability: 'alpha',
  create: () => ({ prepare: () => (think(), () => undefined) }),
});
export default definePlugin({ name: 'ta-plugin-slow', provides: [slow] });
`;
    const manifest = { ...targetAllocator, provides: ['strategy/slow'] };
    const name = 'ta-plugin-slow';
    await writePackage(
      join(folder, name),
      pluginPackage(name, { source: blocking, targetAllocator: manifest }),
    );
    const running = await start(configWith([name], { allocation_strategy: 'slow' }));
    await eventually('the stall is counted', async () =>
      /plugin_stalls_total\{[^}]*plugin="ta-plugin-slow"[^}]*\} 1/.test(
        (await running.get('/metrics')).text,
      ),
    );
    expect(running.program.output).toMatch(
      /"msg":"a plugin blocks the event loop","plugin":"ta-plugin-slow","at":"file:\/\/[^"]*ta-plugin-slow\/index\.js:\d+"/,
    );
  });

  it('are told of options that their own schema refuses, with the place in the file', async () => {
    const plugins = [{ package: 'ta-plugin-numbered', options: { index: 'x' } }];
    const running = await start(configWith(plugins, { allocation_strategy: 'numbered' }));
    expect(await running.program.exited).toBe(1);
    expect(running.program.output).toMatch(
      /targetallocator\.yaml:\d+:\d+: plugins\[0\]\.options\.index: must be a whole number/,
    );
  });

  it('stop the start when they are broken and must not be missing', async () => {
    const running = await start(configWith(['throws', 'unknown-kind']));
    expect(await running.program.exited).toBe(1);
    expect(running.program.output).toContain('Failed to load plugins');
    expect(running.program.output).toContain('TA_PLUGIN_THREW: plugin throws@1.2.3');
    expect(running.program.output).toContain('TA_PLUGIN_MANIFEST: plugin unknown-kind@1.2.3');
  });

  it('are left out when they are broken and may be missing, while all else is served', async () => {
    const broken = Object.keys(brokenPlugins).map((name) => ({
      package: name,
      onFailure: 'continue',
    }));
    const running = await start(configWith(broken));
    await running.waitUntilReady(120_000);
    expect(Object.keys((await running.getJson('/jobs')) as object)).toEqual(['j']);
    const { plugins } = (await running.getJson('/api/v1/plugins')) as {
      readonly plugins: readonly { readonly name: string; readonly error: string | null }[];
    };
    for (const [name, { code, says }] of Object.entries(brokenPlugins)) {
      const error = plugins.find((plugin) => plugin.name === name)?.error;
      expect(error, name).toMatch(says);
      expect(error, name).toContain(code);
    }
  });
});
