import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { eventually } from '../../fixtures/eventually.js';
import { configWith, ProcessFixture } from '../process/fixture.js';
import { isBwrapUsable, readOnlySandbox } from './bwrap.js';
import { KeptPolls } from './kept-polls.js';

const openFiles = 64;

let fixture: ProcessFixture;
const sockets: Socket[] = [];
beforeEach(async () => {
  fixture = await ProcessFixture.create();
  await fixture.write(configWith(['a']));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await fixture.remove();
});

const serves = (jobs: string): Promise<true> =>
  eventually(`the jobs ${jobs}`, async (): Promise<true> => {
    const answer = await fetch(`${fixture.url}/scrape_configs`);
    const text = await answer.text();
    if (answer.status === 200 && Object.keys(JSON.parse(text) as object).join() === jobs)
      return true;
    throw new Error(text);
  });

async function connected(): Promise<Socket> {
  const socket = connect(fixture.port, '127.0.0.1');
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

// Row 59 of the faults.
describe('an allocator', () => {
  it('without a file descriptor left answers on open connections, and all is well afterwards', async () => {
    const program = fixture.run();
    await serves('a');
    const [pid, limit] = [String(program.pid), String(openFiles)];
    execFileSync('prlimit', ['--pid', pid, `--nofile=${limit}:${limit}`]);
    const polls = new KeptPolls(`${fixture.url}/jobs/a/targets?collector_id=c-0`);
    try {
      await eventually('polls', () => polls.answered > 0 || undefined);
      const opened = await Promise.all(Array.from({ length: 2 * openFiles }, connected));
      // Those that find no descriptor are closed.
      await eventually(
        'a connection is turned away',
        () => opened.some((s) => s.closed) || undefined,
      );
      await fixture.write(configWith(['a', 'b']));
      const { answered } = polls;
      await eventually('more polls', () => polls.answered > answered + 40 || undefined);
      for (const socket of sockets.splice(0)) socket.destroy();
      // A change that could not be read is looked for again, but later than a test wants to wait.
      await fixture.write(configWith(['a', 'c']));
      await serves('a,c');
    } finally {
      await polls.stop();
    }
    expect(polls.failures).toEqual([]);
    program.signal('SIGTERM');
    expect(await program.exited).toBe(0);
  });

  it('that may open few files starts', async () => {
    const limit = `--nofile=${String(openFiles)}:${String(openFiles)}`;
    const program = fixture.runUnder(['prlimit', limit]);
    await Promise.race([serves('a'), program.exited]);
    expect(program.output).not.toContain('EMFILE');
    expect(program.isRunning).toBe(true);
  });

  it.skipIf(!isBwrapUsable)('that can write nowhere serves, and follows its files', async () => {
    const noTmp = ['--setenv', 'TMPDIR', '/nowhere', '--setenv', 'HOME', '/nowhere'];
    const program = fixture.runUnder([...readOnlySandbox, ...noTmp, '--die-with-parent']);
    await serves('a');
    const polls = new KeptPolls(`${fixture.url}/jobs/a/targets?collector_id=c-0`);
    try {
      await fixture.write(configWith(['a', 'b']));
      await serves('a,b');
    } finally {
      await polls.stop();
    }
    expect(polls.failures).toEqual([]);
    expect(program.isRunning).toBe(true);
    expect(program.output).not.toContain('"level":"error"');
  });
});
