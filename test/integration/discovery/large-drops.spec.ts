import { afterEach, beforeEach, expect, it } from 'vitest';
import { Allocator } from '../../fixtures/allocator.js';
import { eventually } from '../../fixtures/eventually.js';
import { serveHttp, type LocalServer } from '../../fixtures/sd-server.js';

const thousand = JSON.stringify(
  Array.from({ length: 1_000 }, (_, i) => ({ targets: [`host-${String(i)}:80`] })),
);
const told = 'many targets are gone at once';

let server: LocalServer;
let allocator: Allocator;
let body = thousand;

/** The allocator with a job of 1,000 targets from a server that is asked each second. */
async function start(discovery: object): Promise<void> {
  allocator = await Allocator.start({
    config: {
      collector_source: { type: 'static', collectors: [{ name: 'c', node: 'n' }] },
      allocation_strategy: 'consistent-hashing',
      ...discovery,
      config: {
        scrape_configs: [
          {
            job_name: 'sd',
            http_sd_configs: [{ url: `${server.origin}/sd`, refresh_interval: '1s' }],
          },
        ],
      },
    },
  });
  await allocator.waitUntilReady();
  await isServed(1_000);
}

async function count(): Promise<number> {
  const served = await allocator.getJson('/jobs/sd/targets?collector_id=c');
  if (!Array.isArray(served)) throw new Error('no list');
  return served.length;
}
function isServed(targets: number): Promise<boolean> {
  return eventually(`${String(targets)} targets`, async () =>
    (await count()) === targets ? true : undefined,
  );
}
async function drops(): Promise<string | undefined> {
  const { text } = await allocator.get('/metrics');
  return /^opentelemetry_allocator_discovery_large_drops_total\{.*mechanism="http".*\} (\d+)/m.exec(
    text,
  )?.[1];
}
const timesTold = (): number => allocator.program.output.split(told).length - 1;

beforeEach(async () => {
  body = thousand;
  server = await serveHttp((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
});
afterEach(async () => {
  await allocator.stop();
  await server.close();
});

/** Two whole refreshes: the first one may have begun before. */
async function twoRefreshes(): Promise<void> {
  const asked = server.requests.length;
  await eventually('two refreshes', () => (server.requests.length >= asked + 2 ? true : undefined));
}

it('a list that is suddenly empty is obeyed, counted, and told once', async () => {
  await start({});
  expect(await drops()).toBe('0');
  body = '[]';
  await isServed(0);
  await twoRefreshes();
  expect(await drops()).toBe('1');
  expect(timesTold()).toBe(1);
}, 60_000);

it('a list that is suddenly empty waits, where that is configured, until it was told again', async () => {
  await start({ discovery: { max_drop_ratio: 0.5 } });
  body = '[]';
  await allocator.program.waitForOutput(new RegExp(told));
  expect(await count()).toBe(1_000);
  body = thousand;
  await allocator.program.waitForOutput(/the drop of targets is taken back/);
  expect(await count()).toBe(1_000);
  body = '[]';
  await allocator.program.waitForOutput(/the drop of targets is obeyed/);
  await isServed(0);
  expect(await drops()).toBe('2');
}, 60_000);
