import type { CustomResource, WatcherOptions } from '../../../plugin-api/index.js';
import { convertResource, policyOf } from '../generator/convert-resource.js';
import { endpointsOf } from '../generator/endpoints.js';
import { monitorOf } from '../generator/monitor.js';
import { podMonitorJob } from './pod-monitor-job.js';

const kind = { role: 'pod', selects: 'pod', plural: 'podmonitors' } as const;

/** PodMonitors: each of the endpoints is a job `podMonitor/namespace/name/index`. */
export function podMonitor(options: WatcherOptions): CustomResource {
  const policy = policyOf(options);
  return {
    group: 'monitoring.coreos.com',
    version: 'v1',
    plural: kind.plural,
    kind: 'PodMonitor',
    convert: (resource, lookup) =>
      convertResource(resource, lookup, policy, (input) => {
        const monitor = monitorOf(input, policy, kind);
        return endpointsOf(input.spec, 'podMetricsEndpoints').map((endpoint, index) => ({
          job_name: `podMonitor/${input.namespace}/${input.name}/${String(index)}`,
          ...podMonitorJob(endpoint, monitor),
        }));
      }),
  };
}
