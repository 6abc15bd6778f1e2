import type { KubernetesRole } from '../../../plugin-api/index.js';
import type { DocumentFields } from '../generator/document-fields.js';
import type { Monitor } from '../generator/monitor.js';
import { endpointFields } from '../generator/monitor-endpoint.js';
import { containerPortRules, endpointRules } from '../generator/ports.js';
import type { References } from '../generator/references.js';
import type { RelabelRule } from '../generator/relabelings.js';
import { copyRule, firstRules, keepRule, runningRules } from '../generator/rules.js';
import type { SpecValue } from '../generator/spec-value.js';
import { jobLabelRules, podLabelRules, targetLabelRules } from '../generator/target-labels.js';

/** The job of one endpoint, without its name. */
export function serviceMonitorJob(
  endpoint: SpecValue,
  monitor: Monitor,
  role: KubernetesRole,
): DocumentFields {
  return endpointFields(endpoint, monitor, {
    allowsFiles: true,
    bearerToken: bearerToken(endpoint, monitor.input.references),
    rules: rulesOf(endpoint, monitor, role),
  });
}

function bearerToken(endpoint: SpecValue, references: References): DocumentFields {
  const file = endpoint.field('bearerTokenFile').text() ?? '';
  const at = endpoint.field('bearerTokenSecret');
  const isNamed = (at.field('name').text() ?? '') !== '';
  const token = isNamed ? references.secret(at) : undefined;
  return {
    ...(file === '' ? {} : { bearer_token_file: file }),
    ...(token === undefined ? {} : { bearer_token: token }),
  };
}

function rulesOf(
  endpoint: SpecValue,
  monitor: Monitor,
  role: KubernetesRole,
): readonly RelabelRule[] {
  const { spec } = monitor.input;
  const prefix = `__meta_kubernetes_${role === 'endpointslice' ? 'endpointslice' : 'endpoint'}`;
  const name = endpoint.field('port').text() ?? '';
  const targetPort = endpoint.field('targetPort').intOrText();
  return [
    ...firstRules,
    ...monitor.selectorRules,
    ...(name === '' ? containerPortRules(targetPort) : [keepRule(`${prefix}_port_name`, name)]),
    ...objectRules(prefix),
    ...runningRules(endpoint.field('filterRunning').bool()),
    ...targetLabelRules(spec.field('targetLabels').texts(), 'service'),
    ...podLabelRules(monitor),
    {
      source_labels: ['__meta_kubernetes_service_name'],
      target_label: 'job',
      replacement: '${1}',
    },
    ...jobLabelRules(spec.field('jobLabel').text() ?? '', 'service'),
    ...endpointRules(name === '' ? targetPort : name),
  ];
}

/** Which objects a target belongs to. */
function objectRules(prefix: string): readonly RelabelRule[] {
  const source_labels = [`${prefix}_address_target_kind`, `${prefix}_address_target_name`];
  const addressOf = (kind: string, label: string): RelabelRule => ({
    source_labels,
    separator: ';',
    regex: `${kind};(.*)`,
    replacement: '${1}',
    target_label: label,
  });
  return [
    addressOf('Node', 'node'),
    addressOf('Pod', 'pod'),
    copyRule('__meta_kubernetes_namespace', 'namespace'),
    copyRule('__meta_kubernetes_service_name', 'service'),
    copyRule('__meta_kubernetes_pod_name', 'pod'),
    copyRule('__meta_kubernetes_pod_container_name', 'container'),
  ];
}
