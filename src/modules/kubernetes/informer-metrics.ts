import type { Meter, MetricLabels } from '../../plugin-api/index.js';
import type { SharedInformer } from './shared-informer.js';
import { resourceName } from './resource-query.js';

/** An informer in use, with the server that it watches. */
export interface ObservedInformer {
  readonly server: string;
  readonly informer: SharedInformer<unknown>;
}

/** An API server in use. */
export interface ObservedServer {
  readonly name: string;
  readonly storageRestores: number;
}

const labelNames = ['server', 'resource', 'namespace', 'selector', 'shape'] as const;
const prefix = 'opentelemetry_allocator_kubernetes_informer';

/** Reports how the informers fare; the series of an informer end with it. */
export function meterInformers(meter: Meter, list: () => readonly ObservedInformer[]): void {
  const gauge = (name: string, help: string, valueOf: (o: ObservedInformer) => number): void => {
    meter.observableGauge({ name: `${prefix}_${name}`, help, labelNames }, (report) => {
      for (const observed of list()) report(valueOf(observed), labelsOf(observed));
    });
  };
  const counter = (name: string, help: string, valueOf: (o: ObservedInformer) => number): void => {
    meter.observableCounter({ name: `${prefix}_${name}`, help, labelNames }, (report) => {
      for (const observed of list()) report(valueOf(observed), labelsOf(observed));
    });
  };
  gauge('synced', 'Whether the first full list was received.', (o) =>
    o.informer.health.hasSynced ? 1 : 0,
  );
  gauge('objects', 'Objects in the cache.', (o) => o.informer.status.objects);
  // NaN as long as the server has said nothing: there is no age of nothing.
  gauge(
    'last_success_age_seconds',
    'Time since the server last said something about the objects.',
    (o) => (o.informer.health.silentMs ?? Number.NaN) / 1000,
  );
  counter('relists_total', 'Lists after the first one.', (o) => o.informer.health.relists);
  counter('reconnects_total', 'Watches after the first one.', (o) => o.informer.health.reconnects);
  counter(
    'inconsistencies_total',
    'Objects that differed from a fresh list when the cache was checked.',
    (o) => o.informer.health.inconsistencies,
  );
  meterErrors(meter, list);
}

/** Reports what became of the API servers; the series of a server end with its last informer. */
export function meterServers(meter: Meter, list: () => readonly ObservedServer[]): void {
  meter.observableCounter(
    {
      name: 'opentelemetry_allocator_kubernetes_storage_restores_total',
      help: 'How often the storage of an API server was found to have gone back to an older revision.',
      labelNames: ['server'],
    },
    (report) => {
      for (const { name, storageRestores } of list()) report(storageRestores, { server: name });
    },
  );
}

function meterErrors(meter: Meter, list: () => readonly ObservedInformer[]): void {
  meter.observableCounter(
    {
      name: `${prefix}_errors_total`,
      help: 'Failed lists and watches by kind: an HTTP status, connection, timeout, protocol, expired.',
      labelNames: [...labelNames, 'kind'],
    },
    (report) => {
      for (const observed of list()) {
        for (const [kind, count] of observed.informer.health.errors) {
          report(count, { ...labelsOf(observed), kind });
        }
      }
    },
  );
}

function labelsOf({ server, informer: { request } }: ObservedInformer): MetricLabels {
  const selectors = [request.labelSelector ?? '', request.fieldSelector ?? ''];
  return {
    server,
    resource: resourceName(request),
    namespace: request.namespace ?? '',
    selector: selectors.filter((selector) => selector !== '').join(' '),
    shape: request.shape,
  };
}
