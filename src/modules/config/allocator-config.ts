import type { PrometheusSpec } from '../../core/custom-resource/prometheus-spec.js';
import type { PrometheusConfig } from '../../core/scrape-config/model.js';

/**
 * A Kubernetes label selector, as `collector_selector` and the custom-resource selectors are written.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly LabelSelectorRequirement[];
}
export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

/** `prometheus_cr:` — custom resources of the Prometheus operator. `undefined` selectors select nothing. */
export interface PrometheusCrConfig {
  readonly enabled: boolean;
  readonly allowNamespaces: readonly string[];
  readonly denyNamespaces: readonly string[];
  readonly secretNamespaces: readonly string[];
  readonly serviceMonitorSelector: LabelSelector | undefined;
  readonly serviceMonitorNamespaceSelector: LabelSelector | undefined;
  readonly podMonitorSelector: LabelSelector | undefined;
  readonly podMonitorNamespaceSelector: LabelSelector | undefined;
  readonly probeSelector: LabelSelector | undefined;
  readonly probeNamespaceSelector: LabelSelector | undefined;
  readonly scrapeConfigSelector: LabelSelector | undefined;
  readonly scrapeConfigNamespaceSelector: LabelSelector | undefined;
  /** What holds for all jobs that are made of custom resources. */
  readonly spec: PrometheusSpec;
  readonly denyFsAccessThroughSms: boolean;
  /**
   * Networks in CIDR notation that discoveries of custom resources' jobs may not connect to.
   *
   * @default ['169.254.0.0/16', 'fe80::/10'] (link-local, where clouds serve the credentials of their machines)
   */
  readonly deniedDiscoveryNetworks: readonly string[];
}

/** How API servers are watched. */
export interface KubernetesConfig {
  /** How often what is known of each kind is compared with a fresh list, in milliseconds; 0: never. @default 0 */
  readonly consistencyCheckIntervalMs: number;
}

/** How far service discoveries are believed. */
export interface DiscoveryConfig {
  /** A provider's loss of a larger part of its targets waits for another refresh; 1: none does. @default 1 */
  readonly maxDropRatio: number;
}

export interface HttpsConfig {
  readonly enabled: boolean;
  readonly listenAddr: string;
  readonly caFilePath: string;
  readonly tlsCertFilePath: string;
  readonly tlsKeyFilePath: string;
}

export type TemporalityPreference = 'cumulative' | 'delta' | 'low_memory';
export interface OtlpExporterConfig {
  readonly protocol: 'grpc' | 'http';
  readonly endpoint: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly temporalityPreference: TemporalityPreference;
  readonly tlsInsecure: boolean;
}
export interface PeriodicReaderConfig {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly exporter: OtlpExporterConfig;
}

/** A plugin as the configuration names it. */
export interface PluginEntry {
  /** A package's name, or a path to its folder. */
  readonly package: string;
  /** For its definitions that have options of their own; `undefined`: none were written. */
  readonly options: unknown;
  /** Whether the allocator starts without it. */
  readonly onFailure: 'abort' | 'continue';
}

/** Where collectors come from: a definition of kind `collectors` and its options. */
export interface CollectorSourceConfig {
  readonly type: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Everything that the flags, the environment and the file say, checked and completed. */
export interface AllocatorConfig {
  readonly configFile: string;
  readonly listenAddr: string;
  readonly kubeConfigFilePath: string;
  /** `undefined` selects no collector. */
  readonly collectorSelector: LabelSelector | undefined;
  readonly collectorNamespace: string;
  /** 0: a collector stays one however long it is not ready. */
  readonly collectorNotReadyGracePeriodMs: number;
  readonly collectorSource: CollectorSourceConfig;
  readonly prometheus: PrometheusConfig;
  readonly allocationStrategy: string;
  /** `undefined`: none. */
  readonly allocationFallbackStrategy: string | undefined;
  readonly filterStrategy: string;
  readonly prometheusCr: PrometheusCrConfig;
  readonly https: HttpsConfig;
  readonly kubernetes: KubernetesConfig;
  readonly discovery: DiscoveryConfig;
  readonly plugins: readonly PluginEntry[];
  readonly metricReaders: readonly PeriodicReaderConfig[];
  readonly allowInsecureAuthSecrets: boolean;
  /** How long sources that have not answered yet keep the rest from being served, in milliseconds. @default 60000 */
  readonly startupTimeoutMs: number;
  /** How long answers are still given after SIGTERM, with readiness off, in milliseconds. */
  readonly shutdownDelayMs: number;
  /** Where what is served is kept for the next start; `undefined`: nowhere. */
  readonly stateDir: string | undefined;
  /** How old kept answers may be to be served, in milliseconds. @default 3600000 */
  readonly stateMaxAgeMs: number;
  /** Whether one of several replicas decides, where the strategy needs that. @default false */
  readonly leaderElect: boolean;
  /** The Lease that names the one, in the pod's namespace. @default 'target-allocator' */
  readonly leaseName: string;
  /** Where profiles are written on SIGUSR2; `undefined`: nowhere. */
  readonly profileDir: string | undefined;
  readonly log: LogConfig;
}
/** `panic`: nothing is that bad, so nothing is logged; the Go allocator's flag knows it. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'panic';
export interface LogConfig {
  readonly level: LogLevel;
  /** Lines of this level and above carry the stack trace of the error that they report. */
  readonly stacktraceLevel: LogLevel;
  readonly encoder: 'json' | 'console';
  readonly timeEncoding: 'epoch' | 'millis' | 'nano' | 'iso8601' | 'rfc3339' | 'rfc3339nano';
}
