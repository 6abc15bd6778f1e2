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

/** What a relabel rule does. */
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
/** One relabel rule, as Prometheus writes it. */
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

/** The `*_ref` fields name secrets of a secret manager, which Prometheus itself has none of. */
export interface BasicAuth {
  readonly username?: string;
  readonly username_file?: string;
  readonly username_ref?: string;
  readonly password?: Secret;
  readonly password_file?: string;
  readonly password_ref?: string;
}

/** The `Authorization` header of requests. */
export interface Authorization {
  /** Trimmed. @default 'Bearer' */
  readonly type?: string;
  readonly credentials?: Secret;
  readonly credentials_file?: string;
  readonly credentials_ref?: string;
}

/** A version of TLS, as Prometheus writes it. */
export type TlsVersion = 'TLS10' | 'TLS11' | 'TLS12' | 'TLS13';

/** How a server is known, and how it knows us. */
export interface TlsConfig {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: Secret;
  readonly ca_file?: string;
  readonly cert_file?: string;
  readonly key_file?: string;
  readonly ca_ref?: string;
  readonly cert_ref?: string;
  readonly key_ref?: string;
  readonly server_name?: string;
  readonly insecure_skip_verify: boolean;
  readonly min_version?: TlsVersion;
  readonly max_version?: TlsVersion;
}

/** Through which proxy requests go. */
export interface ProxyConfig {
  /** In Go's canonical form, a password included: shown only by `renderScrapeConfig`, which hides it. */
  readonly proxy_url?: string;
  readonly no_proxy?: string;
  readonly proxy_from_environment?: boolean;
  readonly proxy_connect_header?: Readonly<Record<string, readonly Secret[]>>;
}

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#oauth2 */
/** Where a token for requests comes from. */
export interface OAuth2 extends ProxyConfig {
  readonly client_id: string;
  readonly client_secret?: Secret;
  readonly client_secret_file?: string;
  readonly client_secret_ref?: string;
  readonly client_certificate_key_id?: string;
  readonly client_certificate_key?: Secret;
  readonly client_certificate_key_file?: string;
  readonly client_certificate_key_ref?: string;
  /** `client_credentials` or `urn:ietf:params:oauth:grant-type:jwt-bearer`. @default 'client_credentials' */
  readonly grant_type?: string;
  /** For the JWT bearer grant: `RS256`, `RS384` or `RS512`. @default 'RS256' */
  readonly signature_algorithm?: string;
  readonly iss?: string;
  readonly audience?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly scopes?: readonly string[];
  readonly token_url: string;
  readonly endpoint_params?: Readonly<Record<string, string>>;
  readonly tls_config?: TlsConfig;
}

/** The values of one header; secret ones are not shown. */
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

/** One entry of `file_sd_configs`. */
export interface FileSdConfig {
  readonly files: readonly string[];
  /** Absent only when 0 was written: the default then holds. @default '5m' */
  readonly refresh_interval?: PrometheusDuration;
}

/** One entry of `http_sd_configs`. */
export interface HttpSdConfig extends HttpClientConfig {
  readonly url: string;
  /** Absent only when 0 was written: the default then holds. @default '1m' */
  readonly refresh_interval?: PrometheusDuration;
}

/** What of a cluster becomes targets. */
export type KubernetesRole = 'node' | 'pod' | 'service' | 'endpoints' | 'endpointslice' | 'ingress';

/** Which objects of a role count. */
export interface KubernetesSdSelector {
  readonly role?: KubernetesRole | '';
  readonly label?: string;
  readonly field?: string;
}

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#kubernetes_sd_config */
/** One entry of `kubernetes_sd_configs`. */
export interface KubernetesSdConfig extends HttpClientConfig {
  /** In Go's canonical form, a password included: shown only by `renderScrapeConfig`, which hides it. */
  readonly api_server?: string;
  readonly role: KubernetesRole;
  /** The empty text stands for none. */
  readonly kubeconfig_file: string;
  /** Absent: all namespaces. */
  readonly namespaces?: { readonly own_namespace: boolean; readonly names: readonly string[] };
  readonly selectors?: readonly KubernetesSdSelector[];
  /** Absent: none. */
  readonly attach_metadata?: {
    readonly node: boolean;
    readonly namespace: boolean;
    readonly deployment: boolean;
    readonly job: boolean;
    readonly cronjob: boolean;
  };
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

/** How targets may be asked to answer. */
export type ScrapeProtocol =
  | 'PrometheusProto'
  | 'PrometheusText0.0.4'
  | 'PrometheusText1.0.0'
  | 'OpenMetricsText0.0.1'
  | 'OpenMetricsText1.0.0';

/** A whole number that Go keeps in 64 bits; above 2^53 it is a bigint. */
export type WholeNumber = number | bigint;

/** What `global` and each job may say; a job that does not say it has it from `global`. Absent limits: none. */
export interface ScrapeLimits {
  /** Canonical: `15MiB`. */
  readonly body_size_limit?: string;
  readonly sample_limit?: WholeNumber;
  readonly target_limit?: WholeNumber;
  readonly label_limit?: WholeNumber;
  readonly label_name_length_limit?: WholeNumber;
  readonly label_value_length_limit?: WholeNumber;
  readonly keep_dropped_targets?: WholeNumber;
  readonly scrape_failure_log_file?: string;
}

/**
 * One job. Decoding fills in every field that has a default, its own or that of `global`.
 *
 * @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#scrape_config
 */
export interface ScrapeConfig extends HttpClientConfig, ScrapeLimits {
  readonly job_name: string;
  readonly honor_labels?: boolean;
  readonly honor_timestamps?: boolean;
  readonly track_timestamps_staleness?: boolean;
  readonly params?: Readonly<Record<string, readonly string[]>>;
  readonly scrape_interval: PrometheusDuration;
  readonly scrape_timeout: PrometheusDuration;
  /** Most wanted first, never empty. */
  readonly scrape_protocols?: readonly ScrapeProtocol[];
  readonly fallback_scrape_protocol?: ScrapeProtocol;
  readonly scrape_native_histograms?: boolean;
  readonly always_scrape_classic_histograms?: boolean;
  readonly convert_classic_histograms_to_nhcb?: boolean;
  /** @default '/metrics' */
  readonly metrics_path: string;
  /** @default 'http' */
  readonly scheme: string;
  readonly enable_compression?: boolean;
  readonly native_histogram_bucket_limit?: WholeNumber;
  readonly native_histogram_min_bucket_factor?: number;
  readonly metric_name_validation_scheme?: 'legacy' | 'utf8';
  readonly metric_name_escaping_scheme?: 'allow-utf-8' | 'underscores' | 'dots' | 'values';
  readonly extra_scrape_metrics?: boolean;
  readonly relabel_configs?: readonly RelabelConfig[];
  readonly metric_relabel_configs?: readonly RelabelConfig[];
  readonly static_configs?: readonly StaticConfig[];
  readonly file_sd_configs?: readonly FileSdConfig[];
  readonly http_sd_configs?: readonly HttpSdConfig[];
  readonly kubernetes_sd_configs?: readonly KubernetesSdConfig[];
  /** The blocks of other mechanisms (`consul_sd_configs`), as their decoders gave them. */
  readonly [field: string]: unknown;
}

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#configuration-file */
/** What holds for every job that does not say otherwise. */
export interface GlobalConfig extends ScrapeLimits {
  readonly scrape_interval: PrometheusDuration;
  readonly scrape_timeout: PrometheusDuration;
  /** Absent: chosen for each job by whether it scrapes native histograms. */
  readonly scrape_protocols?: readonly ScrapeProtocol[];
  readonly scrape_native_histograms?: boolean;
  readonly always_scrape_classic_histograms?: boolean;
  readonly convert_classic_histograms_to_nhcb?: boolean;
  readonly extra_scrape_metrics?: boolean;
  readonly metric_name_validation_scheme?: 'legacy' | 'utf8';
  readonly metric_name_escaping_scheme?: 'allow-utf-8' | 'underscores' | 'dots' | 'values';
  readonly external_labels?: Readonly<Record<string, string>>;
}

/** What of a Prometheus configuration the allocator uses. */
export interface PrometheusConfig {
  readonly global: GlobalConfig;
  readonly scrape_configs: readonly ScrapeConfig[];
}
