import type { ResourceStatus } from '../../custom-resources/index.js';

interface FakeResource {
  readonly kind?: string;
  readonly namespace?: string;
  readonly state?: ResourceStatus['state'];
  readonly reasons?: readonly string[];
  readonly jobs?: readonly string[];
  readonly generation?: number;
}

/** What became of a custom resource that a test made up. */
export function fakeResource(name: string, fake: FakeResource = {}): ResourceStatus {
  const { kind = 'ServiceMonitor', namespace = 'shop', state = 'accepted' } = fake;
  const { reasons = [], jobs = [], generation } = fake;
  const metadata = {
    namespace,
    name,
    uid: `uid-${name}`,
    resourceVersion: '7',
    labels: {},
    annotations: {},
    ...(generation === undefined ? {} : { generation }),
  };
  const resource = { apiVersion: 'monitoring.coreos.com/v1', kind, metadata };
  return { resource, state, reasons, jobs };
}
