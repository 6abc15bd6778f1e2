import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testContext, type TestContext } from '../../../../test/fixtures/plugin-context.js';
import { fileCollectors } from './file-collectors.js';

const soon = { timeout: 5_000, interval: 10 };

describe('collector source file', () => {
  let folder: string;
  let context: TestContext;
  let emitted: (readonly string[])[];
  let stop: AbortController;
  let ended: Promise<void> | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'collectors-'));
    context = testContext();
    emitted = [];
    stop = new AbortController();
    ended = undefined;
  });
  afterEach(async () => {
    stop.abort();
    await ended;
    expect(context.clock.pendingTimers).toBe(0);
    await rm(folder, { recursive: true, force: true });
  });

  function start(path = join(folder, 'collectors.yaml')): void {
    const source = fileCollectors.create({ path }, context);
    ended = source.run((list) => emitted.push(list.map(({ name }) => name)), stop.signal);
  }
  async function write(text: string): Promise<void> {
    const path = join(folder, 'collectors.yaml');
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  }
  /** Lets the notification come from the system, and the time pass in which writers finish. */
  async function notified(): Promise<void> {
    await vi.waitFor(() => {
      expect(context.clock.nextTimerInMs).toBe(200);
    }, soon);
    await context.clock.advance(200);
  }
  async function emits(...expected: readonly (readonly string[])[]): Promise<void> {
    await vi.waitFor(() => {
      expect(emitted).toEqual(expected);
    }, soon);
    await waiting();
  }
  async function refuses(times: number): Promise<void> {
    await vi.waitFor(() => {
      expect(context.logger.lines.filter(({ level }) => level === 'error')).toHaveLength(times);
    }, soon);
    await waiting();
  }
  /** The look is over and the poll's timer runs. */
  async function waiting(): Promise<void> {
    await vi.waitFor(() => {
      expect(context.clock.pendingTimers).toBe(1);
    }, soon);
  }

  it('reads YAML and JSON, and follows the file', async () => {
    await write('- name: a\n  node: n\n- name: b\n');
    start();
    await emits(['a', 'b']);
    await write('[{"name": "c"}]');
    await notified();
    await emits(['a', 'b'], ['c']);
    await write('[]');
    await notified();
    await emits(['a', 'b'], ['c'], []);
  });

  it('keeps the last good list of a file that breaks or vanishes, and says so once', async () => {
    await write('- name: a\n');
    start();
    await emits(['a']);
    await write('- name: [\n');
    await notified();
    await refuses(1);
    await context.clock.advance(30_000);
    await waiting();
    await context.clock.advance(30_000);
    await refuses(1);
    await rm(join(folder, 'collectors.yaml'));
    await notified();
    await refuses(2);
    await write('- name: b\n');
    await notified();
    await emits(['a'], ['b']);
  });

  it('tells what is wrong with a file, and where', async () => {
    await write('- name: a\n- node: n\n- name: a\n');
    start();
    await refuses(1);
    expect(context.logger.lines[0]?.fields['error']).toBe(
      'TA_COLLECTOR_FILE_INVALID: [1].name: must be a text that is not empty; [2].name: there is another a',
    );
    expect(emitted).toEqual([]);
  });

  it('does not take an empty file for no collectors: it is just being written', async () => {
    await write('');
    start();
    await refuses(1);
    expect(emitted).toEqual([]);
  });

  it('waits for a file that does not exist yet, its folder included', async () => {
    const later = join(folder, 'later');
    start(join(later, 'collectors.yaml'));
    await refuses(1);
    await mkdir(later);
    await writeFile(join(later, 'collectors.yaml'), '- name: a\n');
    // Nothing could be watched: the poll finds it.
    await context.clock.advance(30_000);
    await emits(['a']);
  });

  it('follows a ConfigMap, whose file is a link through a link that is swapped', async () => {
    for (const [version, name] of Object.entries({ '..v1': 'a', '..v2': 'b', '..v3': 'c' })) {
      await mkdir(join(folder, version));
      await writeFile(join(folder, version, 'collectors.yaml'), `- name: ${name}\n`);
    }
    await symlink('..v1', join(folder, '..data'));
    await symlink('..data/collectors.yaml', join(folder, 'collectors.yaml'));
    start();
    await emits(['a']);
    await symlink('..v2', join(folder, '..next'));
    await rename(join(folder, '..next'), join(folder, '..data'));
    await notified();
    await emits(['a'], ['b']);
    await symlink('..v3', join(folder, '..next'));
    await rename(join(folder, '..next'), join(folder, '..data'));
    await notified();
    await emits(['a'], ['b'], ['c']);
  });

  it('does not tell a list again that is written again', async () => {
    await write('- name: a\n');
    start();
    await emits(['a']);
    await write('- name: a\n');
    await notified();
    await waiting();
    expect(emitted).toEqual([['a']]);
  });

  it('wants a path', async () => {
    const validate = fileCollectors.configSchema?.['~standard'].validate;
    expect(await validate?.({ path: '/x' })).toEqual({ value: { path: '/x' } });
    expect(await validate?.({ file: '/x' })).toMatchObject({
      issues: [{ path: ['file'] }, { path: ['path'] }],
    });
  });
});
