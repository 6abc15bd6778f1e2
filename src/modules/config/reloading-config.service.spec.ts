import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { LogFields, Logger } from '../../plugin-api/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { loadConfig } from './load-config.js';
import { ReloadingConfigService } from './reloading-config.service.js';
import { badFiles, configOf } from './testing/bad-files.js';
import { sourcesOf, testPlugins } from './testing/written-config.js';

class RecordingLogger implements Logger {
  readonly lines: string[] = [];
  debug = (): void => {};
  info = (message: string, fields?: LogFields): void => {
    this.#add('info', message, fields);
  };
  warn = (message: string, fields?: LogFields): void => {
    this.#add('warn', message, fields);
  };
  error = (message: string, fields?: LogFields): void => {
    this.#add('error', message, fields);
  };
  child = (): Logger => this;

  #add(level: string, message: string, fields: LogFields = {}): void {
    this.lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  }
}

let directory = '';
let file = '';
let clock = new FakeClock();
let logger = new RecordingLogger();
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reload-'));
  file = join(directory, 'targetallocator.yaml');
  clock = new FakeClock();
  logger = new RecordingLogger();
  await writeFile(file, configOf('first'));
});
afterEach(() => rm(directory, { recursive: true }));

async function service(): Promise<ReloadingConfigService> {
  const sources = sourcesOf(file);
  const initial = await loadConfig(sources, testPlugins, 'start');
  if (initial.kind === 'refused') throw new Error(JSON.stringify(initial.problems));
  const load = () => loadConfig(sources, testPlugins, 'reload');
  return new ReloadingConfigService({ initial, load, logger, clock });
}

function jobOf(config: ReloadingConfigService): string | undefined {
  return config.current.prometheus.scrape_configs[0]?.job_name;
}

describe('ReloadingConfigService', () => {
  it('puts a changed configuration in force and tells its listeners, once', async () => {
    const config = await service();
    const told: string[] = [];
    config.onChange((current, former) => {
      told.push(
        `${String(former.prometheus.scrape_configs.length)} ${String(current.prometheus.scrape_configs.length)}`,
      );
    });
    await writeFile(file, configOf('second').replace('[{job', '[{job_name: extra}, {job'));
    await clock.advance(5_000);
    await config.reload('test');
    await config.reload('test');
    expect(told).toEqual(['1 2']);
    expect(config.lastReload).toEqual({ isSuccessful: true, lastSuccessEpochMs: clock.epochMs() });
  });

  it('keeps the very object when nothing of it changed', async () => {
    const config = await service();
    const before = config.current;
    await writeFile(file, `# a comment\n${configOf('first')}`);
    await config.reload('test');
    expect(config.current).toBe(before);
    expect(logger.lines.at(-1)).toContain('"changed":false');
  });

  it('stops telling a listener that has unsubscribed, and survives one that throws', async () => {
    const config = await service();
    let told = 0;
    config.onChange(() => {
      throw new Error('no');
    });
    const unsubscribe = config.onChange(() => (told += 1));
    await writeFile(file, configOf('second'));
    await config.reload('test');
    unsubscribe();
    await writeFile(file, configOf('third'));
    await config.reload('test');
    expect([told, jobOf(config)]).toEqual([1, 'third']);
  });

  it('recovers when the file is mended, and says so', async () => {
    const config = await service();
    await writeFile(file, 'config: [');
    await config.reload('test');
    expect(config.lastReload).toEqual({ isSuccessful: false, lastSuccessEpochMs: clock.epochMs() });
    await writeFile(file, configOf('first'));
    await config.reload('test');
    expect(config.lastReload.isSuccessful).toBe(true);
    expect(logger.lines.at(-1)).toContain('configuration reloaded');
  });

  it('names what needs a restart and keeps it as it is', async () => {
    const config = await service();
    const more = 'listen_addr: ":1"\nkube_config_file_path: /k\nhttps: {listen_addr: ":2"}\n';
    await writeFile(file, configOf('second', more));
    await config.reload('test');
    expect(config.current).toMatchObject({ listenAddr: ':8080', https: { listenAddr: ':8443' } });
    expect(jobOf(config)).toBe('second');
    expect(logger.lines.join('\n')).toContain(
      '{"settings":["listen_addr","kube_config_file_path","https"]}',
    );
  });

  it.each(badFiles)(
    'keeps the running configuration when the file is %s',
    async (_name, content) => {
      await expectKept(() => writeFile(file, content));
    },
  );

  const good = configOf('second');
  it.each([0.1, 0.3, 0.5, 0.7, 0.95])(
    'keeps the running configuration when a write stopped at %f of the file',
    async (part) => {
      await expectKept(() => writeFile(file, good.slice(0, Math.floor(good.length * part))));
    },
  );

  it.each<readonly [string, () => Promise<void>]>([
    ['is gone', () => rm(file)],
    ['is a directory', () => rm(file).then(() => mkdir(file))],
    ['is a link that leads nowhere', () => rm(file).then(() => symlink('nowhere', file))],
    ['is a link to itself', () => rm(file).then(() => symlink(file, file))],
    ['is not UTF-8', () => writeFile(file, Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe]))],
    ['is binary', () => writeFile(file, Buffer.alloc(4096, 7))],
  ])('keeps the running configuration when the file %s', async (_name, change) => {
    await expectKept(change);
  });

  async function expectKept(change: () => Promise<void>): Promise<void> {
    const config = await service();
    const before = config.current;
    let told = 0;
    config.onChange(() => (told += 1));
    await change();
    await config.reload('test');
    expect(config.current).toBe(before);
    expect([told, config.lastReload.isSuccessful]).toEqual([0, false]);
    expect(logger.lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
    expect(logger.lines.at(-1)).toContain('configuration refused, the running one stays');
    expect(logger.lines.at(-1)).toContain('targetallocator.yaml');
  }
});

describe('watching', () => {
  it('follows the swap of a ConfigMap, which changes a link beside the file', async () => {
    await rm(file);
    await publish('..v1', configOf('first'));
    await symlink('..data/targetallocator.yaml', file);
    const config = await service();
    config.watch();
    await publish('..v2', configOf('second'));
    await clockUntil(() => jobOf(config) === 'second');
    await publish('..v3', 'config: [');
    await clockUntil(() => !config.lastReload.isSuccessful);
    expect(jobOf(config)).toBe('second');
    await publish('..v4', configOf('third'));
    await clockUntil(() => jobOf(config) === 'third');
    expect(config.lastReload.isSuccessful).toBe(true);
    await config.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('sees a further scrape config file come and change', async () => {
    await mkdir(join(directory, 'jobs'));
    await writeFile(
      file,
      configOf('first').replace(
        '{scrape_configs',
        '{scrape_config_files: [jobs/*.yaml], scrape_configs',
      ),
    );
    const config = await service();
    config.watch();
    const added = () => config.current.prometheus.scrape_configs[1]?.job_name;
    await writeFile(join(directory, 'jobs/a.yaml'), 'scrape_configs: [{job_name: added}]');
    await clockUntil(() => added() === 'added');
    await writeFile(join(directory, 'jobs/a.yaml'), 'scrape_configs: [{job_name: renamed}]');
    await clockUntil(() => added() === 'renamed');
    await config.close();
  });

  it('reads nothing anew as long as no byte has changed, and says a refusal once', async () => {
    const config = await service();
    config.watch();
    await writeFile(file, 'config: [');
    await clockUntil(() => !config.lastReload.isSuccessful);
    for (let polls = 0; polls < 5; polls++) await clock.advance(30_000);
    expect(logger.lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
    await config.close();
  });

  /** What the kubelet does: a new directory, then one rename of the link. */
  async function publish(version: string, content: string): Promise<void> {
    await mkdir(join(directory, version));
    await writeFile(join(directory, version, 'targetallocator.yaml'), content);
    await symlink(version, join(directory, '..data_tmp'));
    await rename(join(directory, '..data_tmp'), join(directory, '..data'));
  }

  /** File notifications take real time; the clock is turned until they have had their effect. */
  async function clockUntil(isSo: () => boolean): Promise<void> {
    for (let turns = 0; turns < 2_000 && !isSo(); turns++) {
      await clock.advance(100);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(isSo()).toBe(true);
  }
});
