import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { pluginPackage, writePackage } from '../../fixtures/broken-plugins/plugin-package.js';
import { eventually } from '../../fixtures/eventually.js';
import { rssMiB } from '../http/process-facts.js';
import { ProcessFixture } from '../process/fixture.js';
import { isBwrapUsable, readOnlySandbox } from './bwrap.js';
import { KeptPolls } from './kept-polls.js';

/** A strategy that logs thousands of lines of four thousand characters in a second. */
const talkative = `
import { definePlugin, defineStrategy } from 'target-allocator/plugin-api';
const talkative = defineStrategy({
  name: 'talkative',
  stability: 'alpha',
  create: (_, { logger }) => {
    const say = () => {
      const x = 'x'.repeat(1000);
      for (let i = 0; i < 60; i++) logger.info(x, { a: x, b: x, c: x });
    };
    setInterval(say, 20).unref();
    return { prepare: (collectors) => () => collectors[0]?.name };
  },
});
export default definePlugin({ name: 'talkative', provides: [talkative] });
`;
const config = `collector_source: {type: static, collectors: [{name: c-0}]}
allocation_strategy: talkative
plugins: [talkative]
config: {scrape_configs: [{job_name: j, static_configs: [{targets: ["h:1"]}]}]}
`;
/** 80 MB of them. */
const manyLines = 20_000;
const mostAddedMiB = 50;

let fixture: ProcessFixture;
beforeEach(async () => {
  fixture = await ProcessFixture.create();
  await fixture.write(config);
  const talker = join(fixture.folder, 'plugins', 'talkative');
  await writePackage(talker, pluginPackage('talkative', { source: talkative }));
});
afterEach(() => fixture.remove());

const flags = (): readonly string[] => ['--plugin-dir', join(fixture.folder, 'plugins')];

async function dropped(): Promise<number> {
  const text = await (await fetch(`${fixture.url}/metrics`)).text();
  const value = /^opentelemetry_allocator_log_lines_dropped_total\{[^}]*\} (\S+)$/m.exec(text)?.[1];
  if (value === undefined) throw new Error('no such metric');
  return Number(value);
}

const hasDropped = (lines: number): Promise<true> =>
  eventually(`${String(lines)} lines dropped`, async () => (await dropped()) > lines || undefined, {
    timeoutMs: 100_000,
  });

/** Polls on one connection all the while. */
async function whilePolled(action: () => Promise<void>): Promise<void> {
  const polls = new KeptPolls(`${fixture.url}/jobs/j/targets?collector_id=c-0`);
  try {
    await action();
  } finally {
    await polls.stop();
  }
  expect(polls.failures).toEqual([]);
  expect(polls.answered).toBeGreaterThan(0);
}

// Row 59 of the faults.
describe('a log that cannot be written', () => {
  it.each([
    ['to a full disk', 'exec "$@" >&- 2>/dev/full'],
    ['to a reader that is gone', 'mkfifo log; head -n 3 <log >&- 2>&- & exec "$@" >&- 2>log'],
    ['to a reader that does not read', 'mkfifo log; exec 3<>log; exec "$@" >&3 2>&3'],
  ])('%s costs neither answers nor memory, and is counted', async (_, script) => {
    const inFolder = `cd "$HOME"; ${script}`;
    const program = fixture.runUnder(['sh', '-c', inFolder, 'sh'], flags());
    await hasDropped(100);
    const before = await rssMiB(program.pid);
    await whilePolled(() => hasDropped(manyLines).then(() => undefined));
    expect((await rssMiB(program.pid)) - before).toBeLessThan(mostAddedMiB);
    program.signal('SIGTERM');
    expect(await program.exited).toBe(0);
  });

  it.skipIf(!isBwrapUsable)('goes on, with whole lines, when the disk has room again', async () => {
    const disk = join(fixture.folder, 'disk');
    execFileSync('mkdir', [disk]);
    const program = fixture.runUnder(
      [
        ...[...readOnlySandbox, '--size', '1048576', '--tmpfs', disk, '--die-with-parent'],
        ...['sh', '-c', `exec "$@" 2>>${disk}/log`, 'sh'],
      ],
      flags(),
    );
    await hasDropped(100);
    const log = join(inside(program.pid), disk, 'log');
    await whilePolled(async () => {
      // Its writes append, so they begin anew.
      await writeFile(log, '');
      await eventually('a log', async () => (await readFile(log)).length > 500_000 || undefined);
    });
    const lines = (await readFile(log, 'utf8')).split('\n').slice(0, -1);
    const whole = lines.filter((line) => line.endsWith('}'));
    expect(whole.length).toBeGreaterThan(lines.length - 3);
    expect(program.isRunning).toBe(true);
    await rm(log);
  });
});

/** The root folder of what a sandbox runs. */
function inside(pid: number): string {
  const children = execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  return `/proc/${children.trim().split('\n')[0] ?? ''}/root`;
}
