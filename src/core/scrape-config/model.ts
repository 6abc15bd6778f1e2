import type { Secret } from './secret.js';

/**
 * The Prometheus configuration document after reading: checked, with every default filled in. Field names are those of
 * the document (`snake_case`). Durations, sizes and the like are kept in Prometheus' canonical text form (`1m30s`,
 * `15MiB`), secrets as {@link Secret}. Maps whose keys are the user's are objects without a prototype. What is absent
 * from the canonical document is absent here.
 *
 * @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/
 */

/** A duration in Prometheus' canonical form: `1m30s`, `0s`, `100ms`. */
export type PrometheusDuration = string;

export type RelabelAction =
  | 'replace'
  | 'keep'
  | 'drop'
  | 'keepequal'
  | 'dropequal'
  | 'hashmod'
  | 'labelmap'
  | 'labeldrop'
  | 'labelkeep'
  | 'lowercase'
  | 'uppercase';

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#relabel_config */
export interface RelabelConfig {
  readonly source_labels?: readonly string[];
  /** @default ';' */
  readonly separator?: string;
  /** RE2, unanchored as written; the engine anchors it as `^(?s:…)$`. @default '(.*)' */
  readonly regex?: string;
  /** For `hashmod`. An unsigned 64-bit number; above 2^53 it is a bigint. */
  readonly modulus?: number | bigint;
  readonly target_label?: string;
  /** @default '$1' */
  readonly replacement?: string;
  /** @default 'replace' */
  readonly action?: RelabelAction;
}

export interface BasicAuth {
  readonly username?: string;
  readonly username_file?: string;
  readonly password?: Secret;
  readonly password_file?: string;
}

export interface Authorization {
  readonly type?: string;
  readonly credentials?: Secret;
  readonly credentials_file?: string;
}

export interface TlsConfig {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: Secret;
  readonly ca_file?: string;
  readonly cert_file?: string;
  readonly key_file?: string;
  readonly server_name?: string;
  readonly insecure_skip_verify: boolean;
  readonly min_version?: string;
  readonly max_version?: string;
}

export interface ProxyConfig {
  readonly proxy_url?: string;
  readonly no_proxy?: string;
  readonly proxy_from_environment?: boolean;
  readonly proxy_connect_header?: Readonly<Record<string, readonly Secret[]>>;
}

export interface OAuth2 extends ProxyConfig {
  readonly client_id: string;
  readonly client_secret?: Secret;
  readonly client_secret_file?: string;
  readonly scopes?: readonly string[];
  readonly token_url: string;
  readonly endpoint_params?: Readonly<Record<string, string>>;
  readonly tls_config?: TlsConfig;
  /** Further fields of newer Prometheus versions (JWT bearer grants) in canonical form. */
  readonly [field: string]: unknown;
}

export interface HttpHeader {
  readonly values?: readonly string[];
  readonly secrets?: readonly Secret[];
  readonly files?: readonly string[];
}

/** The HTTP client settings, which stand beside other fields in the document (inline). */
export interface HttpClientConfig extends ProxyConfig {
  readonly basic_auth?: BasicAuth;
  readonly authorization?: Authorization;
  readonly oauth2?: OAuth2;
  readonly tls_config?: TlsConfig;
  readonly follow_redirects: boolean;
  readonly enable_http2: boolean;
  readonly http_headers?: Readonly<Record<string, HttpHeader>>;
}

/** A static target group, as written. */
export interface StaticConfig {
  readonly targets: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

export interface FileSdConfig {
  readonly files: readonly string[];
  readonly refresh_interval: PrometheusDuration;
}

export interface HttpSdConfig extends HttpClientConfig {
  readonly url: string;
  readonly refresh_interval: PrometheusDuration;
}

export interface KubernetesSdSelector {
  readonly role: string;
  readonly label?: string;
  readonly field?: string;
}

export interface KubernetesSdConfig extends HttpClientConfig {
  readonly api_server?: string;
  readonly role: 'node' | 'pod' | 'service' | 'endpoints' | 'endpointslice' | 'ingress';
  readonly kubeconfig_file: string;
  readonly namespaces: { readonly own_namespace: boolean; readonly names?: readonly string[] };
  readonly selectors?: readonly KubernetesSdSelector[];
  readonly attach_metadata: Readonly<Record<string, boolean>>;
}

/** The service discovery blocks of a job: `static_configs` and `<mechanism>_sd_configs`. */
export type ServiceDiscoveryConfigs = Readonly<
  Record<`${string}_sd_configs`, readonly unknown[] | undefined>
> & {
  readonly static_configs?: readonly StaticConfig[];
  readonly file_sd_configs?: readonly FileSdConfig[];
  readonly http_sd_configs?: readonly HttpSdConfig[];
  readonly kubernetes_sd_configs?: readonly KubernetesSdConfig[];
};

/** One job. @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#scrape_config */
export interface ScrapeConfig extends HttpClientConfig {
  readonly job_name: string;
  readonly scrape_interval: PrometheusDuration;
  readonly scrape_timeout: PrometheusDuration;
  readonly metrics_path: string;
  readonly scheme: string;
  readonly params?: Readonly<Record<string, readonly string[]>>;
  readonly relabel_configs?: readonly RelabelConfig[];
  readonly metric_relabel_configs?: readonly RelabelConfig[];
  readonly static_configs?: readonly StaticConfig[];
  readonly file_sd_configs?: readonly FileSdConfig[];
  readonly http_sd_configs?: readonly HttpSdConfig[];
  readonly kubernetes_sd_configs?: readonly KubernetesSdConfig[];
  /** Every other field of the document, in canonical form: limits, protocols, `<mechanism>_sd_configs`, … */
  readonly [field: string]: unknown;
}

export interface GlobalConfig {
  readonly scrape_interval: PrometheusDuration;
  readonly scrape_timeout: PrometheusDuration;
  /** Every other field of `global`, in canonical form. */
  readonly [field: string]: unknown;
}

/** What of a Prometheus configuration the allocator uses. */
export interface PrometheusConfig {
  readonly global: GlobalConfig;
  readonly scrape_configs: readonly ScrapeConfig[];
}
