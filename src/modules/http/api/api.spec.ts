import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { labelSetOf } from '../../../core/labels/label-set.js';
import { ReadinessRegistry } from '../../health/index.js';
import { FakeView, scrapeConfig, servedConfigs } from '../testing/fake-served-state.js';
import type { TargetList } from './target-list.js';
import { partialConfig, startTestApp, type TestApp } from '../testing/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
beforeEach(() => {
  t.reset();
});
afterAll(() => t.app.close());

const someTargets = [
  { job: 'a', address: 'h-1', collector: 'c-0', labels: labelSetOf([['__proto__', 'x']]) },
  { job: 'a', address: 'h-2', reason: 'no collectors' },
  { job: 'b', address: 'h-3', collector: 'c-1', hash: '18446744073709551615' },
  { job: 'b', address: 'h-4', reason: 'no collectors' },
];

describe('/api/v1/status', () => {
  it('tells how the allocator is', async () => {
    t.state.view = new FakeView(['c-0', 'c-1'], someTargets, 4711);
    t.state.scrapeConfigs = servedConfigs([scrapeConfig('a')], [['bad', 'timeout > interval']]);
    t.config.current = partialConfig({ allocationStrategy: 'per-node' });
    const source = { name: 'discovery/http:a', status: () => ({ answered: true, detail: 'fine' }) };
    const remove = t.app.get(ReadinessRegistry, { strict: false }).register(() => [source]);
    await t.clock.advance(1500);
    const { headers, body } = await t.app.inject('/api/v1/status');
    remove();
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(JSON.parse(body)).toEqual({
      version: '1.2.3',
      uptime_seconds: 1.5,
      ready: true,
      not_ready_reason: null,
      unknown_reason: null,
      stale_as_of: null,
      generation: 4711,
      strategy: 'per-node',
      fallback_strategy: null,
      collectors: 2,
      jobs: 2,
      targets: 4,
      sources: [
        { name: 'discovery/http:a', state: 'ok', detail: 'fine' },
        { name: 'served/scrape-configs', state: 'ok', detail: '1 jobs' },
        { name: 'served/targets', state: 'ok', detail: 'generation 4711' },
      ],
      jobs_held_back: [{ job: 'bad', reason: 'timeout > interval' }],
      unassigned: [{ reason: 'no collectors', targets: 2 }],
    });
  });

  it('tells why targets are not known', async () => {
    t.state.unknown = 'waiting for pods';
    expect((await t.app.inject('/api/v1/status')).json()).toMatchObject({
      unknown_reason: 'waiting for pods',
    });
  });
});

describe('/api/v1/targets', () => {
  beforeEach(() => {
    t.state.view = new FakeView(['c-0', 'c-1'], someTargets);
  });

  const list = async (query: string) =>
    (await t.app.inject(`/api/v1/targets${query}`)).json<TargetList>();
  const addresses = async (query: string) =>
    (await list(query)).targets.map(({ address }) => address);

  it('tells of each target who has it, or why nobody has', async () => {
    const { body } = await t.app.inject('/api/v1/targets?job=a');
    expect(body).toContain('"labels":{"__proto__":"x"}');
    expect(JSON.parse(body)).toMatchObject({
      unknown_reason: null,
      next_offset: null,
      targets: [
        { job: 'a', address: 'h-1', target_hash: '1', collector: 'c-0', reason: null },
        { job: 'a', address: 'h-2', target_hash: '2', collector: null, reason: 'no collectors' },
      ],
    });
  });

  it.each([
    ['?collector=c-1', ['h-3']],
    ['?unassigned=true', ['h-2', 'h-4']],
    ['?unassigned=true&job=b', ['h-4']],
    ['?unassigned=false', ['h-1', 'h-2', 'h-3', 'h-4']],
    ['?job=c', []],
    ['?limit=2', ['h-1', 'h-2']],
    ['?limit=2&offset=1', ['h-2', 'h-3']],
    ['?offset=4', []],
    ['?other=1', ['h-1', 'h-2', 'h-3', 'h-4']],
  ])('lists what %s asks for', async (query, expected) => {
    expect(await addresses(query)).toEqual(expected);
  });

  it('can be read to the end by its offsets', async () => {
    const seen: string[] = [];
    let offset: number | null = 0;
    while (offset !== null) {
      const part: TargetList = await list(`?limit=3&offset=${String(offset)}`);
      seen.push(...part.targets.map(({ address }) => address));
      offset = part.next_offset;
    }
    expect(seen).toEqual(['h-1', 'h-2', 'h-3', 'h-4']);
  });

  it.each([
    ['limit=0', 'limit must not be less than 1'],
    ['limit=1001', 'limit must not be greater than 1000'],
    ['limit=x', 'limit must be an integer number'],
    ['offset=-1', 'offset must not be less than 0'],
    ['job=a&job=b', 'job must be a string'],
    ['unassigned=1x', 'unassigned must be a boolean string'],
  ])('refuses ?%s in text', async (query, message) => {
    const { statusCode, body } = await t.app.inject(`/api/v1/targets?${query}`);
    expect([statusCode, body]).toEqual([400, `400 bad request (${message})`]);
  });
});

describe('/openapi.json', () => {
  it('describes every route of the API, with its parameters', async () => {
    const document = (await t.app.inject('/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ title: 'Target Allocator', version: '1.2.3' });
    expect(Object.keys(document.paths).toSorted()).toEqual([
      '/api/v1/plugins',
      '/api/v1/resources',
      '/api/v1/status',
      '/api/v1/targets',
      '/jobs',
      '/jobs/{job_id}/targets',
      '/livez',
      '/metrics',
      '/readyz',
      '/scrape_configs',
    ]);
    const parameters = document.paths['/api/v1/targets'].get.parameters as { name: string }[];
    expect(parameters.map(({ name }) => name)).toEqual([
      'job',
      'collector',
      'unassigned',
      'limit',
      'offset',
    ]);
    expect(JSON.stringify(document)).not.toContain('"schema":{}');
  });

  it('describes what /api/v1 answers, field by field', async () => {
    t.state.view = new FakeView(['c-0', 'c-1'], someTargets);
    const { paths } = (await t.app.inject('/openapi.json')).json();
    for (const path of ['/api/v1/status', '/api/v1/targets']) {
      const schema = paths[path].get.responses[200].content['application/json'].schema;
      const answer = (await t.app.inject(path)).json();
      expect(Object.keys(answer).toSorted()).toEqual(Object.keys(schema.properties).toSorted());
    }
  });
});
