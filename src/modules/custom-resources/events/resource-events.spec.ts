import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordingLogger } from '../../../../test/fixtures/plugin-context.js';
import { ApiStatusError, type KubernetesService } from '../../kubernetes/index.js';
import { FakeClock } from '../../telemetry/testing/fake-clock.js';
import { ResourceStatuses, type ResourceStatus } from '../resource-statuses.js';
import { ResourceEvents } from './resource-events.service.js';

interface WrittenEvent {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly involvedObject: Readonly<Record<string, string>>;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly firstTimestamp: string;
  readonly reportingComponent: string;
}

let written: WrittenEvent[];
let attempts: number;
let failure: ((namespace: string) => Error | undefined) | undefined;
let clock: FakeClock;
let logger: RecordingLogger;
let statuses: ResourceStatuses;
let events: ResourceEvents;

beforeEach(() => {
  written = [];
  attempts = 0;
  failure = undefined;
  clock = new FakeClock();
  logger = new RecordingLogger();
  statuses = new ResourceStatuses();
  events = startEvents();
});
afterEach(() => {
  events.onModuleDestroy();
  expect(clock.pendingTimers).toBe(0);
});

function startEvents(isConfigured = true): ResourceEvents {
  const kubernetes = {
    isConfigured,
    createObject: (_: unknown, object: WrittenEvent) => {
      attempts += 1;
      const error = failure?.(object.metadata.namespace);
      if (error !== undefined) return Promise.reject(error);
      written.push(object);
      return Promise.resolve();
    },
  };
  const started = new ResourceEvents(
    statuses,
    kubernetes as unknown as KubernetesService,
    clock,
    logger,
  );
  started.onModuleInit();
  return started;
}

interface Said {
  readonly state?: ResourceStatus['state'];
  readonly reasons?: readonly string[];
  readonly namespace?: string;
  readonly jobs?: readonly string[];
}
function say(name: string, said: Said = {}): void {
  const { state = 'rejected', reasons = ['bad regex'], namespace = 'shop', jobs = [] } = said;
  const metadata = {
    namespace,
    name,
    uid: `uid-${name}`,
    resourceVersion: '7',
    labels: {},
    annotations: {},
  };
  const resource = { apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor', metadata };
  statuses.set({ resource, state, reasons: state === 'rejected' ? reasons : [], jobs });
}
const forbidden = new ApiStatusError(403, 'Forbidden', 'events is forbidden');

describe('ResourceEvents', () => {
  it('tells on the resource why it is rejected', async () => {
    say('web', { reasons: ['a: 1', 'b: 2'] });
    await clock.advance(3_000);
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject({
      metadata: { namespace: 'shop', name: expect.stringMatching(/^web\.[0-9a-f]{16}$/) },
      involvedObject: {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'ServiceMonitor',
        namespace: 'shop',
        name: 'web',
        uid: 'uid-web',
      },
      type: 'Warning',
      reason: 'InvalidConfiguration',
      message: 'The resource is not used: a: 1; b: 2',
      reportingComponent: 'target-allocator',
      firstTimestamp: '2026-01-01T00:00:02Z',
    });
  });

  it('says that the last good version stays', async () => {
    say('web', { jobs: ['serviceMonitor/shop/web/0'] });
    await clock.advance(3_000);
    expect(written[0]?.message).toBe('The last good version stays in use: bad regex');
  });

  it('is silent about what is accepted or pending, and about what heals at once', async () => {
    say('good', { state: 'accepted' });
    say('waiting', { state: 'pending' });
    say('late');
    await clock.advance(1_000);
    say('late', { state: 'accepted' });
    await clock.advance(600_000);
    expect(written).toEqual([]);
  });

  it('tells once that a resource is accepted again', async () => {
    say('web');
    await clock.advance(600_000);
    say('web', { state: 'pending' });
    say('web', { state: 'accepted' });
    say('web', { state: 'accepted' });
    await clock.advance(600_000);
    expect(written.map(({ type }) => type)).toEqual(['Warning', 'Normal']);
  });

  it('does not repeat itself, and tells other reasons', async () => {
    say('web');
    await clock.advance(600_000);
    say('web');
    await clock.advance(600_000);
    say('web', { reasons: ['other'] });
    await clock.advance(600_000);
    expect(written.map(({ message }) => message)).toEqual([
      'The resource is not used: bad regex',
      'The resource is not used: other',
    ]);
  });

  it('gives the event of the same news the same name, in other processes too', async () => {
    say('web');
    await clock.advance(3_000);
    events.onModuleDestroy();
    events = startEvents();
    say('web');
    await clock.advance(3_000);
    say('web', { reasons: ['other'] });
    await clock.advance(100_000);
    say('web');
    await clock.advance(100_000);
    const names = written.map(({ metadata }) => metadata.name);
    expect(names[1]).toBe(names[0]);
    expect(new Set(names).size).toBe(3);
  });

  it('takes an event that is there already as written', async () => {
    failure = () => new ApiStatusError(409, 'AlreadyExists', 'it is there');
    say('web');
    await clock.advance(600_000);
    expect(attempts).toBe(1);
    expect([...events.results]).toEqual([['written', 1]]);
  });

  it('tells what a flapping resource is now, once a minute at most', async () => {
    for (let n = 0; n < 600; n++) {
      say('web', n % 2 === 0 ? { reasons: [`reason ${String(n)}`] } : { state: 'accepted' });
      await clock.advance(1_000);
    }
    expect(written.length).toBeLessThanOrEqual(10);
  });

  it('writes no more than twenty at once and one a second, and forgets what is too much', async () => {
    for (let n = 0; n < 5_000; n++) say(`web-${String(n)}`);
    await clock.advance(2_000);
    expect(written).toHaveLength(20);
    await clock.advance(60_000);
    expect(written.length).toBeLessThanOrEqual(81);
    await clock.advance(10_000_000);
    expect(written).toHaveLength(1_000);
    expect(events.results.get('dropped')).toBe(4_000);
  });

  it.each([
    ['long', 'x'.repeat(5_000)],
    ['long in bytes', 'é😀'.repeat(1_000)],
  ])('cuts a message that is %s', async (_, text) => {
    say('web', { reasons: [text] });
    await clock.advance(3_000);
    const message = written[0]?.message ?? '';
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(1024);
    expect(Buffer.byteLength(message)).toBeGreaterThan(1000);
    expect(message).toMatch(/[^\uFFFD]…$/u);
  });

  it('says nothing of a resource that is gone, and forgets what it had said', async () => {
    say('gone');
    statuses.delete(statuses.list()[0]!.resource);
    await clock.advance(60_000);
    expect(written).toEqual([]);
    say('told');
    await clock.advance(60_000);
    statuses.delete(statuses.list()[0]!.resource);
    say('told');
    await clock.advance(60_000);
    expect(written).toHaveLength(2);
  });

  it('has a valid name for resources with the longest names', async () => {
    say(`${'a'.repeat(229)}-${'b'.repeat(23)}`);
    await clock.advance(3_000);
    const { name = '' } = written[0]?.metadata ?? {};
    expect(name.length).toBeLessThanOrEqual(253);
    expect(name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
  });

  it('does nothing without a cluster', async () => {
    events.onModuleDestroy();
    events = startEvents(false);
    say('web');
    await clock.advance(600_000);
    expect(attempts).toBe(0);
  });
});

describe('without the right to write events', () => {
  const warnings = () => logger.lines.filter(({ level }) => level === 'warn');

  it('says so once, tries seldom, and tells everything when the right is there', async () => {
    failure = () => forbidden;
    for (let n = 0; n < 50; n++) say(`web-${String(n)}`);
    await clock.advance(1_800_000);
    expect(attempts).toBeLessThan(10);
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]?.fields['needed']).toBe('verb create on events in namespace shop');
    failure = undefined;
    await clock.advance(1_200_000);
    expect(written).toHaveLength(50);
  });

  it('goes on in other namespaces', async () => {
    failure = (namespace) => (namespace === 'shop' ? forbidden : undefined);
    say('web');
    say('web', { namespace: 'other' });
    await clock.advance(10_000);
    expect(written.map(({ metadata }) => metadata.namespace)).toEqual(['other']);
  });

  it('does not take a namespace that is being deleted for a lack of rights', async () => {
    failure = () =>
      new ApiStatusError(403, 'Forbidden', 'terminating', { causes: ['NamespaceTerminating'] });
    say('web');
    await clock.advance(600_000);
    expect(warnings()).toEqual([]);
    expect([...events.results]).toEqual([['failed', 1]]);
  });

  it('tries a few times when the server is away, and then lets it be', async () => {
    failure = () => new TypeError('socket hang up');
    say('web');
    await clock.advance(20_000);
    failure = undefined;
    await clock.advance(60_000);
    expect(written).toHaveLength(1);
    failure = () => new TypeError('socket hang up');
    say('web', { reasons: ['other'] });
    const before = attempts;
    await clock.advance(3_600_000);
    expect(attempts - before).toBe(5);
  });
});
