import type { Policy } from '../generator/convert-resource.js';
import { checkRelabelings } from '../generator/check-relabelings.js';
import { type DocumentFields, userMap } from '../generator/document-fields.js';
import { kubernetesSd } from '../generator/kubernetes-sd.js';
import { labelSelector, selectorRules } from '../generator/label-selector.js';
import { type RelabelRule, relabelings } from '../generator/relabelings.js';
import { copyRule } from '../generator/rules.js';
import type { SpecValue } from '../generator/spec-value.js';

/** What is probed. */
export interface ProbeTargets {
  /** The block of service discovery. */
  readonly discovery: DocumentFields;
  /** Make what was found the prober's parameter, and the prober the address. */
  readonly rules: readonly RelabelRule[];
  /** What the probe's author adds. */
  readonly relabelings: readonly RelabelRule[];
}

/** Static targets go before Ingresses. */
export function probeTargets(spec: SpecValue, namespace: string, policy: Policy): ProbeTargets {
  const targets = spec.field('targets');
  const staticConfig = targets.field('staticConfig');
  const ingress = targets.field('ingress');
  // What is not used gets into no job, where it would be checked, and must be right nevertheless.
  if (staticConfig.isPresent) checkRelabelings(ingress.field('relabelingConfigs'));
  if (!staticConfig.isPresent && !ingress.isPresent) {
    targets.reject('staticConfig or ingress is required');
  }
  const url = spec.field('prober').field('url').text() ?? '';
  return staticConfig.isPresent
    ? staticTargets(staticConfig, namespace, url)
    : ingressTargets(ingress, { namespace, url, policy });
}

function staticTargets(at: SpecValue, namespace: string, url: string): ProbeTargets {
  const labels = at.field('labels').textMap();
  if (labels.some(([name]) => name === '')) at.field('labels').reject('has a label without name');
  const entry = {
    targets: at.field('static').texts(),
    labels: userMap([['namespace', namespace], ...labels]),
  };
  return {
    discovery: { static_configs: [entry] },
    rules: [copyRule('__address__', '__param_target'), ...proberRules(url)],
    relabelings: relabelings(at.field('relabelingConfigs')),
  };
}

interface IngressContext {
  readonly namespace: string;
  readonly url: string;
  readonly policy: Policy;
}

function ingressTargets(at: SpecValue, { namespace, url, policy }: IngressContext): ProbeTargets {
  const namespaceSelector = at.field('namespaceSelector');
  return {
    discovery: kubernetesSd({ role: 'ingress', namespaceSelector, namespace }, policy),
    rules: [
      ...selectorRules(labelSelector(at.field('selector')), 'ingress'),
      {
        source_labels: [
          '__meta_kubernetes_ingress_scheme',
          '__address__',
          '__meta_kubernetes_ingress_path',
        ],
        separator: ';',
        regex: '(.+);(.+);(.+)',
        target_label: '__param_target',
        replacement: '${1}://${2}${3}',
        action: 'replace',
      },
      copyRule('__meta_kubernetes_namespace', 'namespace'),
      copyRule('__meta_kubernetes_ingress_name', 'ingress'),
      {
        source_labels: ['__address__'],
        separator: ';',
        regex: '(.*)',
        target_label: '__tmp_ingress_address',
        replacement: '$1',
        action: 'replace',
      },
      ...proberRules(url),
    ],
    relabelings: relabelings(at.field('relabelingConfigs')),
  };
}

function proberRules(url: string): readonly RelabelRule[] {
  return [
    copyRule('__param_target', 'instance'),
    { target_label: '__address__', replacement: url },
  ];
}
