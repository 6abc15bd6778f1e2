import type { CustomResource, KubernetesRole, WatcherOptions } from '../../../plugin-api/index.js';
import { convertResource, policyOf, type Policy } from '../generator/convert-resource.js';
import { endpointsOf } from '../generator/endpoints.js';
import { monitorOf } from '../generator/monitor.js';
import type { SpecValue } from '../generator/spec-value.js';
import { serviceMonitorJob } from './service-monitor-job.js';

/** ServiceMonitors: each of the endpoints is a job `serviceMonitor/namespace/name/index`. */
export function serviceMonitor(options: WatcherOptions): CustomResource {
  const policy = policyOf(options);
  return {
    group: 'monitoring.coreos.com',
    version: 'v1',
    plural: 'servicemonitors',
    kind: 'ServiceMonitor',
    convert: (resource, lookup) =>
      convertResource(resource, lookup, policy, (input) => {
        const role = roleOf(input.spec.field('serviceDiscoveryRole'), policy);
        const kind = { role, selects: 'service', plural: 'servicemonitors' } as const;
        const monitor = monitorOf(input, policy, kind);
        return endpointsOf(input.spec, 'endpoints').map((endpoint, index) => ({
          job_name: `serviceMonitor/${input.namespace}/${input.name}/${String(index)}`,
          ...serviceMonitorJob(endpoint, monitor, role),
        }));
      }),
  };
}

/** What is no EndpointSlice means the older kind. */
function roleOf(at: SpecValue, { spec }: Policy): KubernetesRole {
  const role = at.text() ?? spec.serviceDiscoveryRole ?? 'EndpointSlice';
  return role === 'EndpointSlice' ? 'endpointslice' : 'endpoints';
}
