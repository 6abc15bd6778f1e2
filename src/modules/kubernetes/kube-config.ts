import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FileCredentials } from './api-credentials.js';
import type { ApiServer } from './api-server.js';
import { KubeConfigFile } from './kube-config-file.js';
import { KubeConfigError } from './kubernetes.errors.js';

/** Where Kubernetes puts what a pod needs to reach its API server. */
export const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

export type Environment = Readonly<Record<string, string | undefined>>;
export interface KubeConfigSearch {
  /** The file that the configuration names; `''`: none. */
  readonly file: string;
  readonly env: Environment;
  /** @default serviceAccountFolder */
  readonly serviceAccountFolder?: string;
}

export type KubeConfigPlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'in-cluster'; readonly url: string; readonly folder: string };

/** The file when it exists, else the pod's own service account, else nothing: the Go allocator's order. */
export function findKubeConfig(search: KubeConfigSearch): KubeConfigPlace | undefined {
  if (search.file !== '' && existsSync(search.file)) return { kind: 'file', path: search.file };
  return findInCluster(search);
}

/** The pod's own service account. */
export function findInCluster(search: KubeConfigSearch): KubeConfigPlace | undefined {
  const host = search.env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = search.env['KUBERNETES_SERVICE_PORT'] ?? '';
  const folder = search.serviceAccountFolder ?? serviceAccountFolder;
  if (host === '' || port === '' || !existsSync(join(folder, 'token'))) return undefined;
  const urlHost = host.includes(':') ? `[${host}]` : host;
  return { kind: 'in-cluster', url: `https://${urlHost}:${port}`, folder };
}

/** @throws KubeConfigError `TA_KUBECONFIG_NOT_FOUND`: says where was looked and what can be done. */
export function requireKubeConfig(search: KubeConfigSearch): KubeConfigPlace {
  const place = findKubeConfig(search);
  if (place !== undefined) return place;
  const file = search.file === '' ? 'no kubeconfig file is named' : `${search.file} does not exist`;
  throw new KubeConfigError(
    'TA_KUBECONFIG_NOT_FOUND',
    `no way to a Kubernetes API server: ${file}, and this is no pod with a service account ` +
      '(KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT and its token file); ' +
      'set kube_config_file_path, or use a collector source that needs no Kubernetes',
  );
}

/**
 * Makes the connection details.
 *
 * @throws KubeConfigError `TA_KUBECONFIG_INVALID` when the file says no server.
 */
export async function openKubeConfig(place: KubeConfigPlace): Promise<ApiServer> {
  if (place.kind === 'file') {
    return KubeConfigFile.open(place.path);
  }
  return {
    url: place.url,
    credentials: new FileCredentials({
      ca: { file: join(place.folder, 'ca.crt') },
      bearerToken: { file: join(place.folder, 'token') },
    }),
  };
}
