import { present } from '../../generator/document-fields.js';
import type { SpecValue } from '../../generator/spec-value.js';
import { wholeClient } from './client.js';
import { requiredLowerCase, requiredAt, type SdField, text } from './fields.js';
import { type SdMechanism, sdTable } from './mechanism.js';

/** Which objects the operator lets a role select; Prometheus itself also takes nodes for pods. */
const selectable: ReadonlyMap<string, readonly string[]> = new Map([
  ['pod', ['pod']],
  ['service', ['service']],
  ['endpointslice', ['pod', 'service', 'endpointslice']],
  ['endpoints', ['pod', 'service', 'endpoints']],
  ['node', ['node']],
  ['ingress', ['ingress']],
]);
/** Roles for which Prometheus can say more of the node. */
const rolesOnNodes = ['pod', 'endpoints', 'endpointslice'];

const namespaces: SdField = (entry) => {
  const at = entry.field('namespaces');
  if (!at.isPresent) return undefined;
  const ownNamespace = at.field('ownNamespace').bool();
  if (ownNamespace === true && entry.field('apiServer').isPresent) {
    at.field('ownNamespace').reject('cannot be used together with apiServer');
  }
  return present({ names: at.field('names').texts(), own_namespace: ownNamespace });
};

const selectors: SdField = (entry) => {
  const written = entry.field('selectors').items();
  if (written.length === 0) return undefined;
  const allowed = selectable.get(roleOf(entry)) ?? [];
  return written.map((selector) => {
    const role = roleOf(selector);
    if (!allowed.includes(role)) selector.field('role').reject(refusal(roleOf(entry), allowed));
    return present({
      role,
      label: selector.field('label').text(),
      field: selector.field('field').text(),
    });
  });
};

const attachMetadata: SdField = (entry) => {
  const at = entry.field('attachMetadata');
  if (!at.isPresent) return undefined;
  // Said even where the resource does not: the operator writes the object as it is.
  const node = at.field('node').bool() ?? null;
  return rolesOnNodes.includes(roleOf(entry)) ? { node } : undefined;
};

function roleOf(at: SpecValue): string {
  return (requiredAt(at.field('role')).text() ?? '').toLowerCase();
}

function refusal(role: string, allowed: readonly string[]): string {
  if (allowed.length === 0) return 'only known roles support selectors';
  return `the role ${role} supports only selectors for ${allowed.join(', ')}`;
}

/**
 * @param kubeconfigFile How the allocator reaches its cluster; the empty text stands for in-cluster. What names an API
 *   server of its own keeps it.
 * @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#kubernetes_sd_config
 */
export function kubernetes(kubeconfigFile: string): SdMechanism {
  return sdTable({
    list: 'kubernetesSDConfigs',
    block: 'kubernetes_sd_configs',
    client: wholeClient,
    fields: {
      api_server: text('apiServer'),
      role: requiredLowerCase('role'),
      kubeconfig_file: (entry) =>
        kubeconfigFile === '' || entry.field('apiServer').isPresent ? undefined : kubeconfigFile,
      namespaces,
      selectors,
      attach_metadata: attachMetadata,
    },
  });
}
