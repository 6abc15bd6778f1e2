import { expect, it } from 'vitest';
import { RecordingLogger, RecordingMeter } from '../../../test/fixtures/plugin-context.js';
import { ApiStatusError } from '../kubernetes/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { CustomResourceMetrics } from './custom-resource-metrics.js';
import { ResourceEvents } from './events/resource-events.service.js';
import { KubernetesReferencedValues } from './references/kubernetes-referenced-values.js';
import { FakeObjects } from './references/testing/fake-objects.js';
import { type ResourceStatus, ResourceStatuses } from './resource-statuses.js';

const status = (name: string, state: ResourceStatus['state']): ResourceStatus => ({
  resource: {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: {
      namespace: 'shop',
      name,
      uid: name,
      resourceVersion: '1',
      labels: {},
      annotations: {},
    },
  },
  state,
  reasons: state === 'rejected' ? ['bad'] : [],
  jobs: [],
});

it('reports resources, kinds, references and events, each series as long as there is something to report', async () => {
  const meter = new RecordingMeter();
  const clock = new FakeClock();
  const logger = new RecordingLogger();
  const statuses = new ResourceStatuses();
  const cluster = Object.assign(new FakeObjects(), {
    isConfigured: true,
    createObject: () => Promise.resolve(),
  });
  const values = new KubernetesReferencedValues({
    kubernetes: cluster,
    secretNamespaces: () => [],
    clock,
    logger,
  });
  const events = new ResourceEvents(statuses, cluster as never, clock, logger);
  events.onModuleInit();
  new CustomResourceMetrics(statuses, values, events, meter);
  const series = (name: string) => meter.series(`opentelemetry_allocator_${name}`);

  expect(series('custom_resources')).toEqual({});
  statuses.setKind({
    kind: 'ServiceMonitor',
    state: 'watching',
    message: undefined,
    seen: 5,
    selected: 3,
  });
  statuses.setKind({ kind: 'Probe', state: 'absent', message: 'no CRD', seen: 0, selected: 0 });
  statuses.set(status('a', 'accepted'));
  statuses.set(status('b', 'accepted'));
  statuses.set(status('c', 'rejected'));
  cluster.failure = new ApiStatusError(503, 'ServiceUnavailable', 'no');
  values.retain('c', [{ kind: 'ConfigMap', namespace: 'shop', name: 'ids' }]);
  await clock.advance(0);
  await clock.advance(2_000);

  const kind = 'ServiceMonitor';
  expect(series('custom_resources')).toEqual({
    [JSON.stringify({ kind, state: 'accepted' })]: 2,
    [JSON.stringify({ kind, state: 'rejected' })]: 1,
  });
  expect(series('custom_resource_rejections_total')).toEqual({
    [JSON.stringify({ kind })]: 1,
    [JSON.stringify({ kind: 'Probe' })]: 0,
  });
  expect(series('custom_resource_kind_watched')).toEqual({
    [JSON.stringify({ kind })]: 1,
    [JSON.stringify({ kind: 'Probe' })]: 0,
  });
  expect(series('custom_resources_seen')[JSON.stringify({ kind })]).toBe(5);
  expect(series('custom_resources_selected')[JSON.stringify({ kind })]).toBe(3);
  const ids = { kind: 'ConfigMap', state: 'pending' };
  expect(series('referenced_objects')).toEqual({ [JSON.stringify(ids)]: 1 });
  const failures = series('referenced_object_read_failures_total');
  expect(Object.keys(failures)).toEqual([JSON.stringify({ kind: 'ConfigMap', reason: '503' })]);
  expect(series('custom_resource_events_total')).toEqual({
    [JSON.stringify({ result: 'written' })]: 1,
  });

  statuses.deleteKind(kind);
  values.retain('c', []);
  expect(series('custom_resources')).toEqual({});
  expect(series('referenced_objects')).toEqual({});
  expect(Object.keys(series('custom_resource_kind_watched'))).toHaveLength(1);
  values.onModuleDestroy();
  events.onModuleDestroy();
});
