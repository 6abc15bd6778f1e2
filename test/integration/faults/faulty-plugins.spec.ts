import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Allocator } from '../../fixtures/allocator.js';
import { pluginPackage, writePackage } from '../../fixtures/broken-plugins/plugin-package.js';
import { eventually } from '../../fixtures/eventually.js';
import { Polls } from '../http/polls.js';
import { faultyPlugins, faultySource } from './faulty-plugins.js';

const names = Object.keys(faultyPlugins);
const own = 'static';
const targets = Array.from({ length: 50 }, (_, i) => `h-${String(i)}:1`);
const pathOf = (job: string): string => `/jobs/${job}/targets?collector_id=c-0`;

// Row 63 of the faults.
describe(`${String(names.length)} faults of plugins in one process`, () => {
  let folder = '';
  let allocator: Allocator;
  const configWith = (...more: readonly string[]): object => ({
    collector_source: { type: 'static', collectors: [{ name: 'c-0' }] },
    plugins: ['faulty'],
    config: {
      scrape_configs: [
        ...[own, ...more].map((job_name) => ({ job_name, static_configs: [{ targets }] })),
        ...names.map((name) => ({ job_name: name, [`${name}_sd_configs`]: [{}] })),
      ],
    },
  });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'faulty-'));
    const provides = names.map((name) => `discovery/${name}`);
    const targetAllocator = { apiVersion: '1.0', plugin: './index.js', provides };
    const written = pluginPackage('faulty', { source: faultySource(), targetAllocator });
    await writePackage(join(folder, 'faulty'), written);
    allocator = await Allocator.start({
      config: configWith(),
      flags: ['--plugin-dir', folder, '--startup-timeout=1s'],
    });
    await allocator.waitUntilReady();
  });
  afterAll(async () => {
    await allocator.stop();
    await rm(folder, { recursive: true });
  });

  it('cost no other job a target, neither does a change of the configuration', async () => {
    const served = await eventually('targets', async () => {
      const { status, text } = await allocator.get(pathOf(own));
      return status === 200 ? text : undefined;
    });
    expect(JSON.parse(served)).toHaveLength(targets.length);
    const polls = new Polls(allocator, [pathOf(own)]);
    try {
      await eventually(
        'all have failed more than once',
        async () =>
          (await allocator.metric('opentelemetry_allocator_plugin_stalls_total')) > 2 || undefined,
      );
      await allocator.writeConfig(configWith('another'));
      allocator.program.signal('SIGHUP');
      await eventually('the other job', async () => {
        const { text } = await allocator.get(pathOf('another'));
        return text === served || undefined;
      });
    } finally {
      await polls.stop();
    }
    expect(polls.failures).toEqual([]);
    expect((await allocator.get(pathOf(own))).text).toBe(served);
    expect(allocator.program.isRunning).toBe(true);
  });

  it('keep what they have found, and are counted and named', async () => {
    for (const name of ['answers_and_fails', 'forgets_rejections']) {
      expect((await allocator.get(pathOf(name))).text, name).toContain('kept:1');
    }
    expect(
      await allocator.metric('opentelemetry_allocator_unhandled_rejections_total'),
    ).toBeGreaterThan(0);
    const quiet = ['never_answers', 'create_never_ends', 'leaks_memory', 'forgets_rejections'];
    const { output } = allocator.program;
    const silent = names.filter((name) => !quiet.includes(name) && !output.includes(name));
    expect(silent).toEqual([]);
  });

  it('do not keep the process from its end', async () => {
    allocator.program.signal('SIGTERM');
    expect(await allocator.program.exited).toBe(0);
  });
});
