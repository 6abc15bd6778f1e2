import type { CustomResource, WatcherOptions } from '../../../plugin-api/index.js';
import { convertResource, policyOf } from '../generator/convert-resource.js';
import { probeJob } from './probe-job.js';

/** Probes: one job `probe/namespace/name`. */
export function probe(options: WatcherOptions): CustomResource {
  const policy = policyOf(options);
  return {
    group: 'monitoring.coreos.com',
    version: 'v1',
    plural: 'probes',
    kind: 'Probe',
    convert: (resource, lookup) =>
      convertResource(resource, lookup, policy, (input) => [
        { job_name: `probe/${input.namespace}/${input.name}`, ...probeJob(input, policy) },
      ]),
  };
}
