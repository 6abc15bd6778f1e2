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
  readonly scrapeIntervalMs: number;
  readonly evaluationIntervalMs: number;
  readonly scrapeProtocols: readonly string[];
  readonly scrapeClasses: readonly unknown[];
  readonly denyFsAccessThroughSms: boolean;
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
  readonly metricReaders: readonly PeriodicReaderConfig[];
  readonly allowInsecureAuthSecrets: boolean;
  /** How long sources that have not answered yet keep the rest from being served, in milliseconds. @default 60000 */
  readonly startupTimeoutMs: number;
  /** How long answers are still given after SIGTERM, with readiness off, in milliseconds. */
  readonly shutdownDelayMs: number;
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
