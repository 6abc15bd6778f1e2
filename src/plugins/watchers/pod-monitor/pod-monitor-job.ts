import type { DocumentFields } from '../generator/document-fields.js';
import type { Monitor } from '../generator/monitor.js';
import { endpointFields } from '../generator/monitor-endpoint.js';
import { containerPortRules, endpointRules } from '../generator/ports.js';
import type { References } from '../generator/references.js';
import type { RelabelRule } from '../generator/relabelings.js';
import { copyRule, firstRules, runningRules } from '../generator/rules.js';
import type { SpecValue } from '../generator/spec-value.js';
import { jobLabelRules, podLabelRules } from '../generator/target-labels.js';

/** The job of one endpoint, without its name. */
export function podMonitorJob(endpoint: SpecValue, monitor: Monitor): DocumentFields {
  return endpointFields(endpoint, monitor, {
    allowsFiles: false,
    bearerToken: bearerToken(endpoint.field('bearerTokenSecret'), monitor.input.references),
    rules: rulesOf(endpoint, monitor),
  });
}

/** A reference that names no Secret or no key in it stands for none. */
function bearerToken(at: SpecValue, references: References): DocumentFields {
  const isNamed = ['name', 'key'].every((field) => (at.field(field).text() ?? '') !== '');
  const token = isNamed ? references.secret(at) : undefined;
  return token === undefined ? {} : { bearer_token: token };
}

function rulesOf(endpoint: SpecValue, monitor: Monitor): readonly RelabelRule[] {
  const { spec, namespace, name } = monitor.input;
  const portName = endpoint.field('port').text() ?? '';
  const portNumber = numberOf(endpoint.field('portNumber'));
  const targetPort = endpoint.field('targetPort').intOrText();
  return [
    ...firstRules,
    ...runningRules(endpoint.field('filterRunning').bool()),
    ...monitor.selectorRules,
    ...containerPortRules(portName || portNumber || targetPort),
    copyRule('__meta_kubernetes_namespace', 'namespace'),
    copyRule('__meta_kubernetes_pod_container_name', 'container'),
    copyRule('__meta_kubernetes_pod_name', 'pod'),
    ...podLabelRules(monitor),
    { target_label: 'job', replacement: `${namespace}/${name}` },
    ...jobLabelRules(spec.field('jobLabel').text() ?? '', 'pod'),
    // The operator leaves a port number out here.
    ...endpointRules(portName || targetPort),
  ];
}

function numberOf(at: SpecValue): number {
  const port = at.intOrText() ?? 0;
  if (typeof port === 'number') return port;
  at.reject('must be a number');
  return 0;
}
