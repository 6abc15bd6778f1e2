import { checkAuthentication } from './authentication.js';
import { type DocumentFields, present, userMap } from './document-fields.js';
import { honorLabels, honorTimestamps } from './honor.js';
import { httpClientFields } from './http-client.js';
import { intervalFields } from './intervals.js';
import type { Monitor } from './monitor.js';
import { proxyFields } from './proxy.js';
import { type RelabelRule, relabelings } from './relabelings.js';
import { shardingRules } from './sharding.js';
import type { SpecValue } from './spec-value.js';

/** What a kind of endpoint has of its own. */
export interface EndpointParts {
  /** Whether its `tlsConfig` may name files. */
  readonly allowsFiles: boolean;
  readonly bearerToken: DocumentFields;
  /** The rules before those that anybody wrote. */
  readonly rules: readonly RelabelRule[];
}

/** One endpoint of a monitor as fields of its job. */
export function endpointFields(
  endpoint: SpecValue,
  monitor: Monitor,
  parts: EndpointParts,
): DocumentFields {
  const { policy, scrapeClass, input } = monitor;
  checkAuthentication(endpoint);
  const metricRules = [
    ...scrapeClass.metricRelabelings,
    ...relabelings(endpoint.field('metricRelabelings')),
    ...monitor.namespaceRules,
  ];
  return {
    ...monitor.fields,
    ...honorLabels(endpoint.field('honorLabels').bool(), policy.spec),
    ...honorTimestamps(endpoint.field('honorTimestamps').bool(), policy.spec),
    ...intervalFields(
      { interval: endpoint.field('interval'), timeout: endpoint.field('scrapeTimeout') },
      policy.spec.scrapeInterval,
    ),
    ...requestFields(endpoint),
    ...httpClientFields(endpoint, input.references, {
      allowsFiles: parts.allowsFiles,
      scrapeClass,
    }),
    ...proxyFields(endpoint, input.references),
    ...parts.bearerToken,
    relabel_configs: [
      ...parts.rules,
      ...scrapeClass.relabelings,
      ...relabelings(endpoint.field('relabelings')),
      ...monitor.namespaceRules,
      ...shardingRules('__address__'),
    ],
    ...(metricRules.length === 0 ? {} : { metric_relabel_configs: metricRules }),
  };
}

function requestFields(endpoint: SpecValue): DocumentFields {
  const path = endpoint.field('path').text();
  const params = endpoint.field('params');
  return present({
    track_timestamps_staleness: endpoint.field('trackTimestampsStaleness').bool(),
    metrics_path: path === '' ? undefined : path,
    scheme: endpoint.field('scheme').text()?.toLowerCase(),
    params: params.isPresent
      ? userMap(params.entries().map(([name, values]) => [name, values.texts()] as const))
      : undefined,
  });
}
