import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalText } from '../../core/document/canonical-text.js';
import type { Clock, KubernetesServerConfig } from '../../plugin-api/index.js';
import {
  HttpCredentials,
  type NetworkPolicy,
  type ProxyEnvironment,
} from '../http-client/index.js';
import type { ApiServer } from './api-server.js';
import { HttpClientCredentials } from './http-client-credentials.js';
import { checkKubeConfigFile } from './kube-config-check.js';
import {
  findInCluster,
  openKubeConfig,
  requireKubeConfig,
  type KubeConfigPlace,
  type KubeConfigSearch,
} from './kube-config.js';
import { KubeServerConfigError } from './kubernetes.errors.js';

/** One way to one API server. */
export interface ServerTarget {
  /** The same for what means the same server in the same way; secret texts are hashed. */
  readonly identity: string;
  /** For logs and metrics. */
  readonly name: string;
  readonly open: () => Promise<ApiServer>;
  /** Named by its URL, which a tenant may have written: it must not decide over readiness. @default false */
  readonly isForeign?: boolean;
  /** The namespace of the service account that is used. */
  readonly ownNamespace?: string;
}

export interface TargetTools {
  readonly search: KubeConfigSearch;
  readonly clock: Clock;
  readonly proxies: ProxyEnvironment;
  /** For servers that are named by their URL. */
  readonly network?: NetworkPolicy;
}

/** The way to the cluster that the allocator belongs to. */
export function ownTarget({ search }: Pick<TargetTools, 'search'>): ServerTarget {
  return { ...placeTarget(requireKubeConfig(search)), name: 'own' };
}

/**
 * The way that a configuration names. Without a name it is the pod's service account, as in Prometheus, and where there
 * is none the way that the allocator itself uses.
 *
 * @throws KubeConfigError, KubeServerConfigError or HttpRequestError `TA_HTTP_CONFIG` for what can never work.
 */
export function configuredTarget(config: KubernetesServerConfig, tools: TargetTools): ServerTarget {
  const { api_server, kubeconfig_file = '' } = config;
  if (api_server !== undefined) return urlTarget(api_server, config, tools);
  if (kubeconfig_file !== '') {
    checkKubeConfigFile(kubeconfig_file);
    return placeTarget({ kind: 'file', path: kubeconfig_file });
  }
  const inCluster = findInCluster(tools.search);
  return inCluster === undefined ? ownTarget(tools) : placeTarget(inCluster);
}

function placeTarget(place: KubeConfigPlace): ServerTarget {
  const open = (): Promise<ApiServer> => openKubeConfig(place);
  if (place.kind === 'file') return { identity: `file ${place.path}`, name: place.path, open };
  const ownNamespace = readNamespace(join(place.folder, 'namespace'));
  return {
    identity: 'in-cluster',
    name: 'in-cluster',
    open,
    ...(ownNamespace === undefined ? {} : { ownNamespace }),
  };
}

function readNamespace(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8') || undefined;
  } catch {
    // Only some configurations need it, and those say so when it is missing.
    return undefined;
  }
}

function urlTarget(
  text: string,
  config: KubernetesServerConfig,
  { clock, proxies, network }: TargetTools,
): ServerTarget {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new KubeServerConfigError('api_server is no http or https URL');
  }
  const deps = { clock, proxies, ...(network === undefined ? {} : { network }) };
  // Asked once here, so that settings that can never work are found before anything runs.
  new HttpCredentials(config, deps).tunnelTo(url);
  const hash = createHash('sha256')
    .update(canonicalText([httpSettings(config), network?.identity ?? '']))
    .digest('base64url');
  return {
    identity: `url ${hash}`,
    isForeign: true,
    name: url.origin + url.pathname.replace(/\/$/, ''),
    open: () => {
      const source = new HttpCredentials(config, deps);
      const tunnel = source.tunnelTo(url);
      return Promise.resolve({
        url: withoutUserInfo(url),
        credentials: new HttpClientCredentials(url, source),
        allowHttp2: config.enable_http2,
        ...(tunnel === undefined ? {} : { tunnel }),
      });
    },
  };
}

/** What of a configuration is about the server and how it is spoken to. */
function httpSettings(config: KubernetesServerConfig): unknown {
  const { api_server, basic_auth, authorization, oauth2, tls_config, http_headers } = config;
  const { proxy_url, no_proxy, proxy_from_environment, proxy_connect_header } = config;
  const auth = { basic_auth, authorization, oauth2 };
  const proxy = { proxy_url, no_proxy, proxy_from_environment, proxy_connect_header };
  return { api_server, ...auth, tls_config, http_headers, http2: config.enable_http2, ...proxy };
}

function withoutUserInfo(url: URL): string {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare.href;
}
