import { list, struct } from '../document/collections.js';
import type { Cursor } from '../document/cursor.js';
import { bool, type Decoded, type Decoder, oneOf, refined, text } from '../document/decoder.js';
import { isSet } from './field-checks.js';
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
  checkRole(input, at);
  checkAccess(input, client, at);
  checkSelectors(input, at);
  const { api_server, kubeconfig_file = '', namespaces = {}, attach_metadata = {} } = input;
  const selectors = input.selectors?.map((selector) => omitEmpty(selector));
  return {
    ...(api_server === undefined ? {} : { api_server }),
    // A role that is missing was reported above; any one does for what is refused anyway.
    role: roleOf(input) ?? 'pod',
    kubeconfig_file,
    ...(isZeroStruct(namespaces) ? {} : { namespaces: { ...allNamespaces, ...namespaces } }),
    ...omitEmpty({ selectors }),
    ...(isZeroStruct(attach_metadata)
      ? {}
      : { attach_metadata: { ...noMetadata, ...attach_metadata } }),
    ...client,
  };
});

const allNamespaces = { own_namespace: false, names: [] };
const noMetadata = { node: false, namespace: false, deployment: false, job: false, cronjob: false };

function roleOf(input: Input): KubernetesRole | undefined {
  return input.role === '' ? undefined : input.role;
}

function checkRole(input: Input, at: Cursor): void {
  if (roleOf(input) !== undefined || !at.lacks('role')) return;
  at.field('role').error('the role is missing', {
    hint: 'use one of pod, service, endpoints, endpointslice, node, ingress',
  });
}

/** How the API server is reached: by a URL, by a kubeconfig, or from inside the cluster. */
function checkAccess(input: Input, client: HttpClientConfig, at: Cursor): void {
  const ways = [
    ...(input.api_server === undefined ? [] : ['api_server']),
    ...(isSet(input.kubeconfig_file) ? ['kubeconfig_file'] : []),
  ];
  if (ways.length > 1) at.error(`${ways.join(' and ')} exclude each other`);
  if (input.namespaces?.own_namespace === true && ways.length > 0) {
    at.field('namespaces').error(`own_namespace excludes ${ways.join(' and ')}`);
  }
  if (isDefaultHttpClient(input, client)) return;
  if (isSet(input.kubeconfig_file)) at.error('kubeconfig_file excludes HTTP client settings');
  if (at.lacks('api_server')) {
    at.error('HTTP client settings need the api_server', { hint: 'set api_server' });
  }
}

function checkSelectors(input: Input, at: Cursor): void {
  const found = new Set<string>();
  const jobRole = roleOf(input);
  const allowed = jobRole === undefined ? [] : selectableRoles[jobRole];
  (input.selectors ?? []).forEach((selector, index) => {
    const place = at.field('selectors').item(index);
    const selected = selector.role ?? '';
    if (found.has(selected)) place.field('role').error('a second selector for the same role');
    found.add(selected);
    if (allowed.length > 0 && !allowed.some((name) => name === selected)) {
      place
        .field('role')
        .error(`the role ${jobRole ?? ''} takes selectors only for ${allowed.join(', ')}`);
    }
    const field = fieldSelectorProblem(selector.field ?? '');
    if (field !== undefined) place.field('field').error(`not a field selector: ${field}`);
    const label = labelSelectorProblem(selector.label ?? '');
    if (label !== undefined) place.field('label').error(`not a label selector: ${label}`);
  });
}
