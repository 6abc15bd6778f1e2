import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, expect, it } from 'vitest';

import { Allocator } from '../../fixtures/allocator.js';
import { eventually } from '../../fixtures/eventually.js';
import { type LocalServer, serveHttp } from '../../fixtures/sd-server.js';
import { bigAndSmallJobs, bigPath, collector, smallPath } from '../http/big-answer.js';
import { SteadyLoad } from './steady-load.js';

/** Whatever is under way; Kubernetes gives a pod twice as much. */
const exitWithinMs = 15_000;
/** The default in Kubernetes. */
const lameduckMs = 5_000;

let allocator: Allocator;
const unread: Socket[] = [];
const servers: LocalServer[] = [];
afterEach(async () => {
  for (const socket of unread.splice(0)) socket.destroy();
  await allocator.stop();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const collector_source = { type: 'static', collectors: [{ name: collector }] };
const withJobs = (scrape_configs: readonly object[], more: object = {}): object => ({
  collector_source,
  config: { scrape_configs },
  ...more,
});

async function askAndReadNothing(): Promise<void> {
  const socket = connect(allocator.port, '127.0.0.1').pause();
  socket.on('error', () => undefined);
  unread.push(socket);
  await once(socket, 'connect');
  socket.write(`GET ${bigPath} HTTP/1.1\r\nHost: a\r\n\r\n`);
}

const isNotReady = (): Promise<true> =>
  eventually(
    'readiness is off',
    async () => (await allocator.get('/readyz')).status === 503 || undefined,
  );

// Row 52 of the faults.
it('cuts no request off under load, with 100 big answers that nobody reads', async () => {
  allocator = await Allocator.start({
    config: withJobs(bigAndSmallJobs()),
    env: { KUBERNETES_SERVICE_HOST: '127.0.0.1' },
  });
  const { port, program } = allocator;
  await allocator.waitUntilReady();
  const paths = [smallPath, '/jobs', '/scrape_configs'];
  const before = await Promise.all(paths.map((path) => allocator.get(path)));
  await Promise.all(Array.from({ length: 100 }, askAndReadNothing));
  const load = new SteadyLoad({ port, paths, perSecond: 500 });
  try {
    await eventually('load', () => load.answered > 500 || undefined);
    const startMs = performance.now();
    program.signal('SIGTERM');
    await isNotReady();
    const answeredBefore = load.answered;
    // So long it takes until no node sends new connections.
    await sleep(1_000);
    load.leadElsewhere();
    expect(load.answered).toBeGreaterThan(answeredBefore);
    await eventually('all have left', () => load.kept === 0 || undefined, { timeoutMs: 2_000 });
    while (performance.now() - startMs < lameduckMs - 200) {
      expect((await allocator.get(smallPath)).text).toBe(before[0]?.text);
      await sleep(100);
    }
    expect(await program.exited).toBe(0);
    expect(performance.now() - startMs).toBeLessThan(exitWithinMs);
    await load.stop();
    expect(load.failures).toEqual([]);
    const expected = paths.map((path, i) => `${path} 200 ${before[i]?.text ?? ''}`);
    expect([...load.answers].toSorted()).toEqual(expected.toSorted());
  } finally {
    await load.stop();
  }
});

it('sends all of answers that were given at once to a client that reads them slowly', async () => {
  const targets = Array.from({ length: 350 }, (_, i) => `10.0.0.${String(i)}:9090`);
  const label = 'x'.repeat(2_500);
  const jobs = [{ job_name: 'slow', static_configs: [{ targets, labels: { label } }] }];
  allocator = await Allocator.start({ config: withJobs(jobs) });
  await allocator.waitUntilReady();
  const path = `/jobs/slow/targets?collector_id=${collector}`;
  const { text } = await allocator.get(path);
  // As much as is given to the kernel in one piece, many times: far more than it keeps for a client.
  expect(text.length).toBeGreaterThan(800_000);
  expect(text.length).toBeLessThan(1024 * 1024);
  const answers = 30;
  const socket = connect(allocator.port, '127.0.0.1').pause();
  unread.push(socket);
  await once(socket, 'connect');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(answers));
  await once(socket, 'readable');
  const startMs = performance.now();
  allocator.program.signal('SIGTERM');
  await allocator.program.waitForOutput(/shutting down/);
  const chunks: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    await sleep(3);
  }
  expect(Buffer.concat(chunks).toString('utf8').split(text)).toHaveLength(answers + 1);
  expect(await allocator.program.exited).toBe(0);
  expect(performance.now() - startMs).toBeLessThan(exitWithinMs);
  expect(allocator.program.output).not.toContain('requests under way');
});

it('ends in time while it reloads, discovers and exports, and nobody answers it', async () => {
  let isSilent = false;
  const discovery = await serveHttp((_request, response) => {
    if (!isSilent)
      response.setHeader('Content-Type', 'application/json').end('[{"targets":["h:1"]}]');
  });
  const receiver = await serveHttp(() => undefined);
  servers.push(discovery, receiver);
  const otlp_http = { endpoint: receiver.origin, tls: { insecure: true } };
  const http = {
    job_name: 'http',
    http_sd_configs: [{ url: discovery.origin, refresh_interval: '1s' }],
  };
  const telemetry = {
    metrics: {
      readers: [{ periodic: { interval: 500, timeout: 60_000, exporter: { otlp_http } } }],
    },
  };
  allocator = await Allocator.start({
    config: withJobs([http], { telemetry }),
    flags: ['--shutdown-delay=1s'],
  });
  await allocator.waitUntilReady();
  isSilent = true;
  const asked = discovery.requests.length;
  await eventually(
    'a list and an export are under way',
    () => (discovery.requests.length > asked && receiver.requests.length > 0) || undefined,
  );
  const manyJobs = Array.from({ length: 5_000 }, (_, i) => ({
    job_name: `job-${String(i)}`,
    static_configs: [{ targets: ['h:1'] }],
  }));
  await allocator.writeConfig(withJobs([http, ...manyJobs], { telemetry }));
  allocator.program.signal('SIGHUP');
  const startMs = performance.now();
  allocator.program.signal('SIGTERM');
  await isNotReady();
  const served = await allocator.getJson(`/jobs/http/targets?collector_id=${collector}`);
  expect(served).toMatchObject([{ targets: ['h:1'] }]);
  expect(await allocator.program.exited).toBe(0);
  expect(performance.now() - startMs).toBeLessThan(exitWithinMs);
});
