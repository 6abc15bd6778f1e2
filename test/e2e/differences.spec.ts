import { afterEach, describe, expect, it } from 'vitest';
import { Allocator } from '../fixtures/allocator.js';
import { eventually } from '../fixtures/eventually.js';
import { rawRequest } from '../fixtures/raw-request.js';

/** What docs/differences.md says we do instead of the Go allocator, on the running service. */

const started: Allocator[] = [];
afterEach(async () => {
  for (const allocator of started.splice(0)) await allocator.stop();
});

async function start(config: object | string): Promise<Allocator> {
  const allocator = await Allocator.start({ config, env: { OTELCOL_NAMESPACE: 'observability' } });
  started.push(allocator);
  return allocator;
}

async function serve(config: object | string): Promise<Allocator> {
  const allocator = await start(config);
  await allocator.waitUntilReady();
  return allocator;
}

const collectorSource = { type: 'static', collectors: [{ name: 'c-0' }, { name: 'c-1' }] };
const twoJobs = {
  collector_source: collectorSource,
  config: {
    scrape_configs: [
      { job_name: 'a', static_configs: [{ targets: ['h:1', 'h:2', 'h:3'] }] },
      { job_name: '50% off/ü', static_configs: [{ targets: ['h:4'] }] },
    ],
  },
};
const dataPaths = [
  '/scrape_configs',
  '/jobs',
  '/jobs/a/targets',
  '/jobs/a/targets?collector_id=c-0',
];

type JobAnswer = Readonly<Record<string, { readonly _link: string; readonly targets: unknown }>>;

describe('HTTP', () => {
  it('answers HEAD as GET, without the body', async () => {
    const { port } = await serve(twoJobs);
    for (const path of dataPaths) {
      const get = await rawRequest({ port, path });
      const head = await rawRequest({ port, path, method: 'HEAD' });
      expect(head.text, path).toBe('');
      expect([
        path,
        head.status,
        head.headers['content-type'],
        head.headers['content-length'],
      ]).toEqual([path, 200, get.headers['content-type'], String(Buffer.byteLength(get.text))]);
    }
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])(
    'refuses %s with 404 or 405 and a text that no receiver takes for jobs',
    async (method) => {
      const { port } = await serve(twoJobs);
      for (const path of dataPaths) {
        const answer = await rawRequest({ port, path, method, body: '{}' });
        expect([404, 405], path).toContain(answer.status);
        expect(answer.headers['content-type'], path).toMatch(/^text\/plain/);
        expect(answer.text, path).toMatch(/^[^{[]/);
      }
    },
  );

  it('ends the series of a job with the job', async () => {
    const allocator = await serve(twoJobs);
    const series = async (): Promise<readonly string[]> =>
      (await allocator.get('/metrics')).text
        .split('\n')
        .filter((line) => /^opentelemetry_allocator_targets\{.*job_name="a"/.test(line));
    expect(await series()).toHaveLength(1);
    const [, other] = twoJobs.config.scrape_configs;
    await allocator.writeConfig({ ...twoJobs, config: { scrape_configs: [other] } });
    await eventually('the series is gone', async () => (await series()).length === 0);
    expect((await allocator.get('/metrics')).text).toContain('job_name="50% off/ü"');
  });

  it('gives links that lead to what they stand beside', async () => {
    const allocator = await serve(twoJobs);
    const jobs = (await allocator.getJson('/jobs')) as Record<string, { _link: string }>;
    expect(Object.keys(jobs).sort()).toEqual(['50% off/ü', 'a']);
    for (const { _link: jobLink } of Object.values(jobs)) {
      const job = (await allocator.getJson(jobLink)) as JobAnswer;
      expect(Object.keys(job)).toEqual(['c-0', 'c-1']);
      for (const { _link: link, targets } of Object.values(job)) {
        expect(await allocator.getJson(link)).toEqual(targets);
      }
    }
  });

  it('never redirects, since the receiver follows no redirect for targets', async () => {
    const { port } = await serve(twoJobs);
    for (const path of ['/jobs/', '//jobs', '/jobs/a/targets/', '/scrape_configs/', '/livez/']) {
      const { status, text } = await rawRequest({ port, path });
      expect([200, 404], path).toContain(status);
      expect(text, path).not.toBe('');
    }
  });

  it('gives the same bytes again, and 304 to who has them', async () => {
    const allocator = await serve(twoJobs);
    for (const path of dataPaths) {
      const first = await allocator.get(path);
      const second = await allocator.get(path);
      expect(second.text, path).toBe(first.text);
      const etag = first.headers.etag ?? '';
      expect(etag, path).toMatch(/^"/);
      const again = await allocator.get(path, { 'if-none-match': etag });
      expect([again.status, again.text], path).toEqual([304, '']);
    }
  });
});

describe('configuration', () => {
  it('takes names and strings as they are written', async () => {
    const allocator = await serve(`
collector_source: { type: static, collectors: [{ name: c-0 }] }
config:
  scrape_configs:
    - job_name: 007
      static_configs:
        - targets: ['h:1']
          labels: { y: 0755, on: 1_000, Yes: no, n: ~x }
`);
    const [group] = (await allocator.getJson('/jobs/007/targets?collector_id=c-0')) as {
      labels: object;
    }[];
    expect(group?.labels).toMatchObject({ y: '0755', on: '1_000', Yes: 'no', n: '~x' });
  });

  it('names every problem with its place and ends with 1', async () => {
    const { program } = await start(`
collector_source: { type: static, collectors: [{ name: c-0 }] }
allocation_strategy: nonsense
allocation_fallback_strategy: more nonsense
config:
  scrape_configs:
    - job_name: a
      scrape_interval: often
      relabel_configs: [{ regex: '(' }]
`);
    expect(await program.exited).toBe(1);
    for (const place of [
      'allocation_strategy',
      'allocation_fallback_strategy',
      'scrape_configs[0].scrape_interval',
      'scrape_configs[0].relabel_configs[0].regex',
    ]) {
      expect(program.output).toContain(place);
    }
  });

  it('refuses a discovery mechanism that is not there and lists those that are', async () => {
    const { program } = await start({
      collector_source: collectorSource,
      config: { scrape_configs: [{ job_name: 'a', dns_sd_configs: [{ names: ['x'] }] }] },
    });
    expect(await program.exited).toBe(1);
    expect(program.output).toMatch(/dns_sd_configs/);
    expect(program.output).toMatch(/file.*http.*static/s);
  });
});
