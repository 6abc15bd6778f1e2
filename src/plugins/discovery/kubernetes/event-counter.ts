import type { InformerChange, KubernetesRole, Meter } from '../../../plugin-api/index.js';

const roles: readonly KubernetesRole[] = [
  'endpointslice',
  'endpoints',
  'node',
  'pod',
  'service',
  'ingress',
];
const eventNames = { added: 'add', updated: 'update', deleted: 'delete' } as const satisfies Record<
  InformerChange<unknown>['type'],
  string
>;

type ChangeType = InformerChange<unknown>['type'];

/** Counts what happened to objects, by the role that they are for. */
export type CountEvents = (role: KubernetesRole, type: ChangeType, count: number) => void;

/**
 * The metric that Prometheus keeps of the objects' changes, under the same name and with all its series from the start.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/discovery/kubernetes/metrics.go
 */
export function eventCounter(meter: Meter): CountEvents {
  const counter = meter.counter({
    name: 'prometheus_sd_kubernetes_events_total',
    help: 'The number of Kubernetes events handled.',
    labelNames: ['role', 'event'],
  });
  for (const role of roles) {
    for (const event of Object.values(eventNames)) counter.add(0, { role, event });
  }
  return (role, type, count) => {
    counter.add(count, { role, event: eventNames[type] });
  };
}
