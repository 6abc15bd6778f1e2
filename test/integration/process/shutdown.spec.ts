import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { pluginPackage, writePackage } from '../../fixtures/broken-plugins/plugin-package.js';
import { eventually } from '../../fixtures/eventually.js';
import { configWith, ProcessFixture } from './fixture.js';

let fixture: ProcessFixture;
beforeEach(async () => {
  fixture = await ProcessFixture.create();
  await fixture.write(configWith(['a']));
});
afterEach(() => fixture.remove());

function status(path: string): Promise<number> {
  return fetch(`${fixture.url}${path}`).then((answer) => answer.status);
}

function ready(): Promise<true> {
  return eventually('ready', async () => ((await status('/readyz')) === 200 ? true : undefined));
}

it.each(['SIGTERM', 'SIGINT'] as const)('exits with 0 on %s', async (signal) => {
  const program = fixture.run();
  await ready();
  program.signal(signal);
  expect(await program.exited).toBe(0);
});

it('turns readiness off first and answers on until the delay is over', async () => {
  const program = fixture.run(['--shutdown-delay=3s']);
  await ready();
  program.signal('SIGTERM');
  await eventually('not ready', async () => ((await status('/readyz')) === 503 ? true : undefined));
  expect(await status('/jobs/a/targets?collector_id=c-0')).toBe(200);
  expect(await program.exited).toBe(0);
});

it('exits with 0 within its bound though clients neither finish a request nor read an answer', async () => {
  const program = fixture.run();
  await ready();
  const silent = connect(fixture.port, '127.0.0.1');
  silent.write('GET /jobs HTTP/1.1\r\nHost: x\r\n');
  const unread = connect(fixture.port, '127.0.0.1').pause();
  unread.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50));
  await Promise.all([once(silent, 'connect'), once(unread, 'connect')]);
  for (const socket of [silent, unread]) socket.on('error', () => undefined);
  program.signal('SIGTERM');
  expect(await program.exited).toBe(0);
  silent.destroy();
  unread.destroy();
});

it('exits at once on the second signal', async () => {
  const program = fixture.run(['--shutdown-delay=10m']);
  await ready();
  program.signal('SIGTERM');
  await program.waitForOutput(/shutting down/);
  program.signal('SIGINT');
  expect(await program.exited).toBe(130);
});

it('does not open the inspector on SIGUSR1', async () => {
  const program = fixture.run();
  await ready();
  program.signal('SIGUSR1');
  expect(await status('/livez')).toBe(200);
  expect(program.output).not.toContain('Debugger');
});

it('answers every request of its last seconds, under load', async () => {
  const program = fixture.run(['--shutdown-delay=2s']);
  await ready();
  program.signal('SIGTERM');
  await program.waitForOutput(/shutting down/);
  const load = Array.from({ length: 400 }, async () => {
    const answer = await fetch(`${fixture.url}/jobs`, { headers: { connection: 'close' } });
    return [answer.status, await answer.text()];
  });
  const answers = new Set((await Promise.all(load)).map((answer) => JSON.stringify(answer)));
  expect([...answers]).toEqual([JSON.stringify([200, '{"a":{"_link":"/jobs/a/targets"}}'])]);
  expect(await program.exited).toBe(0);
});

describe('a process that waits for a plugin to be imported', () => {
  const mark = 'the plugin is being imported';
  /** Told through a file descriptor of the process, because threads of trials have no output. */
  const hanging = `
import { writeSync } from 'node:fs';
writeSync(2, '${mark}\\n');
`;
  const never = `${hanging} await new Promise(() => setInterval(() => undefined, 1_000));`;
  const busy = `${hanging} for (;;);`;

  async function start(source: string, command: readonly string[] = []) {
    const folder = join(fixture.folder, 'slow');
    await writePackage(folder, pluginPackage('slow', { source }));
    await fixture.write(configWith(['a'], `plugins: [{package: ${folder}}]`));
    const program = command.length === 0 ? fixture.run() : fixture.runWith([...command, folder]);
    await program.waitForOutput(new RegExp(mark));
    return program;
  }

  it.each([
    ['SIGTERM', 'never ends', never],
    ['SIGINT', 'never ends', never],
    ['SIGTERM', 'keeps its thread', busy],
  ] as const)('exits with 0 on %s, and says so in one line, when the import %s', async (...of) => {
    const [signal, , source] = of;
    const program = await start(source);
    program.signal(signal);
    expect(await program.exited).toBe(0);
    const lines = program.output.split('\n').filter((line) => line !== '' && line !== mark);
    expect(lines).toEqual([expect.stringContaining('ended before it served')]);
  });

  it('ends by the signal when it was to check something, which it has not', async () => {
    const program = await start(never, ['plugin', 'check']);
    program.signal('SIGINT');
    expect(await program.exited).toBe('SIGINT');
  });
});

describe('signals while most of the program is still to be read', () => {
  async function startWith(signals: readonly NodeJS.Signals[]) {
    const hooks = `
export function load(url, context, next) {
  if (url.endsWith('/start.js')) for (const name of ${JSON.stringify(signals)}) process.kill(process.pid, name);
  return next(url, context);
}`;
    const preload = join(fixture.folder, 'preload.mjs');
    const url = `data:text/javascript,${encodeURIComponent(hooks)}`;
    await writeFile(
      preload,
      `import { register } from 'node:module';\nregister(${JSON.stringify(url)});\n`,
    );
    return fixture.run([], { NODE_OPTIONS: `--import=${preload}` });
  }

  it('end it with 0 when they ask it to end', async () => {
    const program = await startWith(['SIGTERM']);
    expect(await program.exited).toBe(0);
    expect(program.output).toContain('target-allocator ended by SIGTERM before it served\n');
  });

  it('do not end it when they ask for a reload or a profile', async () => {
    const program = await startWith(['SIGHUP', 'SIGUSR2']);
    await ready();
    program.signal('SIGTERM');
    expect(await program.exited).toBe(0);
  });
});
