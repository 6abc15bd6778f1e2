import { list, struct } from '../document/collections.js';
import type { Cursor } from '../document/cursor.js';
import { bool, type Decoded, type Decoder, oneOf, refined, text } from '../document/decoder.js';
import { checkedHttpClient, httpClientFields, isDefaultHttpClient } from './http-client-config.js';
import { fieldSelectorProblem, labelSelectorProblem } from './kubernetes-selectors.js';
import type { HttpClientConfig, KubernetesRole, KubernetesSdConfig } from './model.js';
import { isZeroStruct, omitEmpty } from './omit-empty.js';
import { url } from './proxy-config.js';

/** Which objects a role takes selectors for, itself first or not: the order is that of Prometheus' messages. */
const selectableRoles: Readonly<Record<KubernetesRole, readonly KubernetesRole[]>> = {
  pod: ['pod', 'node'],
  service: ['service'],
  endpointslice: ['pod', 'service', 'endpointslice'],
  endpoints: ['pod', 'service', 'endpoints'],
  node: ['node'],
  ingress: ['ingress'],
};
const role = oneOf(['pod', 'service', 'endpoints', 'endpointslice', 'node', 'ingress'], '');

const fields = struct({
  api_server: url,
  role,
  kubeconfig_file: text,
  namespaces: struct({ own_namespace: bool, names: list(text) }),
  selectors: list(struct({ role, label: text, field: text })),
  attach_metadata: struct({
    node: bool,
    namespace: bool,
    deployment: bool,
    job: bool,
    cronjob: bool,
  }),
  ...httpClientFields,
});
type Input = Decoded<typeof fields>;

/**
 * One element of `kubernetes_sd_configs`.
 *
 * @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#kubernetes_sd_config
 */
export const kubernetesSdConfig: Decoder<KubernetesSdConfig> = refined(fields, (input, at) => {
  const client = checkedHttpClient(input, at);
  checkAccess(input, client, at);
  checkSelectors(input, at);
  const { api_server, kubeconfig_file = '', namespaces = {}, attach_metadata = {} } = input;
  const selectors = (input.selectors ?? []).map((selector) => omitEmpty(selector));
  const { own_namespace = false, names = [] } = namespaces;
  return {
    ...(api_server === undefined ? {} : { api_server }),
    // A role that is missing was reported above; any one does for what is refused anyway.
    role: input.role === undefined || input.role === '' ? 'pod' : input.role,
    kubeconfig_file,
    ...(isZeroStruct(namespaces) ? {} : { namespaces: { own_namespace, names } }),
    ...omitEmpty({ selectors }),
    ...(isZeroStruct(attach_metadata)
      ? {}
      : { attach_metadata: { ...noMetadata, ...attach_metadata } }),
    ...client,
  };
});

const noMetadata = { node: false, namespace: false, deployment: false, job: false, cronjob: false };

/** How the API server is reached: by a URL, by a kubeconfig, or from inside the cluster. */
function checkAccess(input: Input, client: HttpClientConfig, at: Cursor): void {
  if (at.lacks('role')) {
    at.field('role').error('the role is missing', {
      hint: 'use one of pod, service, endpoints, endpointslice, node, ingress',
    });
  }
  const hasServer = input.api_server !== undefined;
  const hasKubeconfig = (input.kubeconfig_file ?? '') !== '';
  const ownNamespace = input.namespaces?.own_namespace === true;
  const isCustom = !isDefaultHttpClient(input, client);
  if (hasServer && hasKubeconfig) at.error('kubeconfig_file and api_server exclude each other');
  if (hasKubeconfig && isCustom) at.error('kubeconfig_file excludes HTTP client settings');
  if (at.lacks('api_server') && isCustom) {
    at.error('HTTP client settings need the api_server', { hint: 'set api_server' });
  }
  if (hasServer && ownNamespace) at.error('api_server excludes namespaces.own_namespace');
  if (hasKubeconfig && ownNamespace) at.error('kubeconfig_file excludes namespaces.own_namespace');
}

function checkSelectors(input: Input, at: Cursor): void {
  const found = new Set<string>();
  const allowed = input.role === undefined || input.role === '' ? [] : selectableRoles[input.role];
  (input.selectors ?? []).forEach((selector, index) => {
    const place = at.field('selectors').item(index);
    const selected = selector.role ?? '';
    if (found.has(selected)) place.field('role').error('a second selector for the same role');
    found.add(selected);
    if (allowed.length > 0 && !allowed.some((name) => name === selected)) {
      place
        .field('role')
        .error(`the role ${input.role ?? ''} takes selectors only for ${allowed.join(', ')}`);
    }
    const field = fieldSelectorProblem(selector.field ?? '');
    if (field !== undefined) place.field('field').error(`not a field selector: ${field}`);
    const label = labelSelectorProblem(selector.label ?? '');
    if (label !== undefined) place.field('label').error(`not a label selector: ${label}`);
  });
}
