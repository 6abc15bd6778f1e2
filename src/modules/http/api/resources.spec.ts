import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fakeResource } from '../testing/fake-resource.js';
import { startTestApp, type TestApp } from '../testing/test-app.js';
import type { ResourceList } from './resource-list.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
beforeEach(() => {
  t.reset();
});
afterAll(() => t.app.close());

const list = async (query = '') =>
  (await t.app.inject(`/api/v1/resources${query}`)).json<ResourceList>();
const names = async (query: string) => (await list(query)).resources.map(({ name }) => name);
const watching = (kind: string) => ({
  kind,
  state: 'watching' as const,
  message: undefined,
  seen: 3,
  selected: 2,
});

describe('/api/v1/resources', () => {
  it('tells of each resource its jobs, or why it is rejected, and how the kinds fare', async () => {
    t.resources.setKind(watching('ServiceMonitor'));
    t.resources.setKind({
      kind: 'Probe',
      state: 'absent',
      message: 'no CRD',
      seen: 0,
      selected: 0,
    });
    t.resources.set(fakeResource('web', { jobs: ['serviceMonitor/shop/web/0'], generation: 4 }));
    t.resources.set(fakeResource('bad', { state: 'rejected', reasons: ['regex: "("'] }));
    const { headers, body } = await t.app.inject('/api/v1/resources');
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(headers['cache-control']).toBe('no-store');
    const shared = { kind: 'ServiceMonitor', namespace: 'shop' };
    expect(JSON.parse(body)).toEqual({
      unknown_reason: null,
      kinds: [
        { kind: 'ServiceMonitor', state: 'watching', message: null, seen: 3, selected: 2 },
        { kind: 'Probe', state: 'absent', message: 'no CRD', seen: 0, selected: 0 },
      ],
      resources: [
        {
          ...shared,
          name: 'bad',
          state: 'rejected',
          reasons: ['regex: "("'],
          jobs: [],
          generation: null,
        },
        {
          ...shared,
          name: 'web',
          state: 'accepted',
          reasons: [],
          jobs: ['serviceMonitor/shop/web/0'],
          generation: 4,
        },
      ],
      next_offset: null,
    });
  });

  it('says what is not known yet', async () => {
    t.state.unknown = 'waiting for ServiceMonitors';
    expect(await list()).toMatchObject({
      unknown_reason: 'waiting for ServiceMonitors',
      resources: [],
    });
  });

  describe('of several resources', () => {
    beforeEach(() => {
      for (const kind of ['ServiceMonitor', 'PodMonitor']) t.resources.setKind(watching(kind));
      t.resources.set(fakeResource('a'));
      t.resources.set(fakeResource('b', { namespace: 'other', state: 'rejected' }));
      t.resources.set(fakeResource('c', { kind: 'PodMonitor', state: 'pending' }));
      t.resources.set(fakeResource('d', { kind: 'PodMonitor', state: 'rejected' }));
    });

    it.each([
      ['', ['c', 'd', 'b', 'a']],
      ['?kind=PodMonitor', ['c', 'd']],
      ['?namespace=other', ['b']],
      ['?state=rejected', ['d', 'b']],
      ['?state=rejected&kind=PodMonitor', ['d']],
      ['?kind=Nothing', []],
      ['?limit=2&offset=1', ['d', 'b']],
      ['?offset=4', []],
    ])('lists what %s asks for', async (query, expected) => {
      expect(await names(query)).toEqual(expected);
    });

    it('can be read to the end by its offsets', async () => {
      const seen: string[] = [];
      let offset: number | null = 0;
      while (offset !== null) {
        const part: ResourceList = await list(`?limit=3&offset=${String(offset)}`);
        seen.push(...part.resources.map(({ name }) => name));
        offset = part.next_offset;
      }
      expect(seen).toEqual(['c', 'd', 'b', 'a']);
    });

    it.each([
      ['limit=0', 'limit must not be less than 1'],
      ['limit=1001', 'limit must not be greater than 1000'],
      ['offset=-1', 'offset must not be less than 0'],
      ['kind=a&kind=b', 'kind must be a string'],
      ['state=fine', 'state must be one of the following values, accepted, rejected, pending'],
    ])('refuses ?%s in text', async (query, message) => {
      const { statusCode, body } = await t.app.inject(`/api/v1/resources?${query}`);
      expect([statusCode, body]).toEqual([400, `400 bad request (${message})`]);
    });
  });

  it.each(['__proto__', '<script>', '\r\nX: y', '\u202Egnp', '😀', 'x'.repeat(1 << 20)])(
    'gives texts of tenants byte by byte: %.20j',
    async (text) => {
      t.resources.set(fakeResource(text, { state: 'rejected', reasons: [text], jobs: [text] }));
      expect((await list()).resources[0]).toMatchObject({
        name: text,
        reasons: [text],
        jobs: [text],
      });
      t.resources.setKind(watching('ServiceMonitor'));
    },
  );

  it('answers as /openapi.json describes it', async () => {
    t.resources.setKind(watching('ServiceMonitor'));
    t.resources.set(fakeResource('web'));
    const { paths } = (await t.app.inject('/openapi.json')).json();
    const operation = paths['/api/v1/resources'].get;
    const { properties } = operation.responses[200].content['application/json'].schema;
    const answer = await list();
    expect(Object.keys(answer).toSorted()).toEqual(Object.keys(properties).toSorted());
    for (const part of ['kinds', 'resources'] as const) {
      const described = Object.keys(properties[part].items.properties).toSorted();
      expect(Object.keys(answer[part][0] ?? {}).toSorted()).toEqual(described);
    }
    const parameters = operation.parameters as { readonly name: string }[];
    expect(parameters.map(({ name }) => name)).toEqual([
      'kind',
      'namespace',
      'state',
      'limit',
      'offset',
    ]);
  });
});
