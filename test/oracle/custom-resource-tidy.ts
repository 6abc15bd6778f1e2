import fc from 'fast-check';
import { type Data, without } from './custom-resource-draw.js';

const authentications = [
  'basicAuth',
  'authorization',
  'oauth2',
  'bearerTokenSecret',
  'bearerTokenFile',
];

const proxies = ['proxyUrl', 'noProxy', 'proxyFromEnvironment', 'proxyConnectHeader'];

function withOneAuthentication(data: Data, choice: number): Data {
  const present = authentications.filter((name) => name in data);
  const kept = present[choice % Math.max(present.length, 1)];
  return without(data, ...present.filter((name) => name !== kept));
}

function withOneProxy(data: Data): Data {
  const hasUrl = 'proxyUrl' in data;
  const fromEnvironment = data['proxyFromEnvironment'] === true;
  if (hasUrl) return { ...data, ...(fromEnvironment ? { proxyFromEnvironment: false } : {}) };
  const rest = without(data, 'noProxy');
  return fromEnvironment ? rest : without(rest, 'proxyConnectHeader');
}

const isAmong = (data: Data, ...names: readonly string[]): boolean =>
  names.some((name) => name in data);

function withWholeTls(data: Data): Data {
  const versions = without(data, ...(isAmong(data, 'minVersion') ? ['maxVersion'] : []));
  const hasFiles = isAmong(versions, 'certFile') && isAmong(versions, 'keyFile');
  const hasRefs = !hasFiles && isAmong(versions, 'cert') && isAmong(versions, 'keySecret');
  const dropped = [
    ...(isAmong(versions, 'ca') ? ['caFile'] : []),
    ...(hasFiles ? [] : ['certFile', 'keyFile']),
    ...(hasRefs ? [] : ['cert', 'keySecret']),
  ];
  return without(versions, ...dropped);
}

const kubernetesSelectorRoles: Readonly<Record<string, readonly string[]>> = {
  Pod: ['Pod'],
  Service: ['Service'],
  EndpointSlice: ['Pod', 'Service', 'EndpointSlice'],
  Endpoints: ['Pod', 'Service', 'Endpoints'],
  Node: ['Node'],
  Ingress: ['Ingress'],
};

/** Only selectors of roles that the discovery has, one of each, and the own namespace only in the own cluster. */
function withFittingSelectors(data: Data, choice: number): Data {
  const roles = kubernetesSelectorRoles[String(data['role'])] ?? [];
  const selectors = (data['selectors'] as readonly Data[] | null | undefined) ?? []; // generated as a list of objects
  const fitting = selectors
    .slice(0, roles.length)
    .map((selector, at) => ({ ...selector, role: roles[(choice + at) % roles.length] }));
  const namespaces = data['namespaces'] as Data | null | undefined; // generated as an object
  const isElsewhere = isAmong(data, 'apiServer') && namespaces !== undefined && namespaces !== null;
  return {
    ...data,
    ...(isAmong(data, 'selectors') ? { selectors: fitting } : {}),
    ...(isElsewhere ? { namespaces: without(namespaces, 'ownNamespace') } : {}),
  };
}

/** Takes contradictions out of an object of a custom resource: what fits alone may not fit together. */
function tidied(data: Data, choice: number): Data {
  let result = data;
  if (isAmong(data, ...authentications)) result = withOneAuthentication(result, choice);
  if (isAmong(data, ...proxies)) {
    result = withOneProxy(result);
  }
  if (isAmong(data, 'minVersion', 'ca', 'cert', 'keySecret', 'caFile', 'certFile', 'keyFile')) {
    result = withWholeTls(result);
  }
  if (isAmong(data, 'selectors', 'namespaces')) result = withFittingSelectors(result, choice);
  return result;
}

const methodsWithoutSecrets = ['ManagedIdentity', 'SDK', 'WorkloadIdentity'];

/**
 * With these methods the operator reads no Secret of an Azure discovery beforehand: its generator then leaves out what no
 * other resource happens to have read, or fails for all resources. Ours reads and checks them as everywhere else.
 */
function withoutUnreadSecrets(data: Data): Data {
  if (!methodsWithoutSecrets.includes(String(data['authenticationMethod']))) return data;
  return without(data, ...authentications, ...proxies, 'clientSecret', 'tlsConfig');
}

/** @param untidy Of a hundred objects, how many stay as they are. */
export function tidy(arbitrary: fc.Arbitrary<Data>, untidy: number): fc.Arbitrary<Data> {
  return fc
    .tuple(arbitrary, fc.nat(99), fc.nat(59))
    .map(([data, luck, choice]) =>
      withoutUnreadSecrets(luck >= 100 - untidy ? data : tidied(data, choice)),
    );
}
