import type { CustomResource } from '../core/custom-resource/conversion.js';
import type { ResourceSelection } from '../core/custom-resource/resource-selection.js';
import type { HttpClientConfig } from '../core/scrape-config/model.js';
import type { ScrapeConfigSource } from './source.js';

/** Structured logging: a lower-case sentence of what happened, and fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger whose lines carry the name, appended to this one's with a dot. */
  child(name: string): Logger;
}
/** What a log line is about, by names; secrets never. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Time, so that tests can turn it. */
export interface Clock {
  /** Monotonic time in milliseconds; for durations and timers. */
  monotonicMs(): number;
  /** Wall clock time in milliseconds since the Unix epoch. */
  epochMs(): number;
  /** Runs `action` once after `delayMs`; the answer cancels it. The timer does not keep the process alive. */
  after(delayMs: number, action: () => void): () => void;
  /** Resolves after `delayMs`, or as soon as the signal aborts. Never rejects. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** The labels of one series. */
export type MetricLabels = Readonly<Record<string, string>>;

/** What a metric is called and means. */
export interface InstrumentOptions {
  /** The metric's final name, as on `/metrics`. */
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
}
/** A number that only grows. */
export interface Counter {
  add(value: number, labels?: MetricLabels): void;
  /** Ends the series, with the object that it was about. */
  remove(labels: MetricLabels): void;
}
/** How often values fell into each of some buckets. */
export interface Histogram {
  record(value: number, labels?: MetricLabels): void;
  remove(labels: MetricLabels): void;
}
/** Quantiles of what was recorded lately. */
export interface Summary {
  record(value: number, labels?: MetricLabels): void;
  /** Ends the series, with the object that it was about. */
  remove(labels: MetricLabels): void;
}
/** Makes metrics. A name may be asked for again: the same instrument is given. */
export interface Meter {
  counter(options: InstrumentOptions): Counter;
  /** Bucket bounds ascending, without `+Inf`. */
  histogram(options: InstrumentOptions & { readonly buckets: readonly number[] }): Histogram;
  /** Quantiles between 0 and 1 over the last ten minutes. Absent where the host keeps no summaries. */
  summary?(options: InstrumentOptions & { readonly quantiles: readonly number[] }): Summary;
  /** A gauge whose series are exactly those reported at each collection, so that series end with their objects. */
  observableGauge(
    options: InstrumentOptions,
    observe: (report: (value: number, labels?: MetricLabels) => void) => void,
  ): void;
  /** A counter kept elsewhere; otherwise as {@link observableGauge}. */
  observableCounter(
    options: InstrumentOptions,
    observe: (report: (value: number, labels?: MetricLabels) => void) => void,
  ): void;
}

/** One HTTP answer, read whole. */
export interface HttpAnswer {
  readonly status: number;
  /** Lower-case header names; of several headers with one name the values are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
/** What is asked, and how long and how much may be answered. */
export interface HttpRequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal: AbortSignal;
  /** From the first byte sent to the last one read, redirects included, in milliseconds. @default 60000 */
  readonly timeoutMs?: number;
  /** A longer body is refused with {@link HttpBodyTooLargeError} as soon as it is seen to be longer. */
  readonly maxBodyBytes: number;
  /**
   * Makes what sees a body while it comes, piece by piece; a new one for each answer, those that redirect included. When it
   * throws, nothing more is read, and the request fails with `TA_HTTP_REFUSED`.
   */
  readonly bodyCheck?: () => (piece: Uint8Array) => void;
}
/** Sends requests as a Prometheus HTTP client configuration says: authentication, TLS, proxies, headers, redirects. */
export interface HttpClient {
  /** Rejects with an error whose message names the URL (without secrets) when no whole answer could be had. */
  request(url: string, options: HttpRequestOptions): Promise<HttpAnswer>;
  /** Closes its connections. */
  close(): Promise<void>;
}

/** What happened to the objects of an informer since the last call. */
export interface InformerChange<T> {
  readonly type: 'added' | 'updated' | 'deleted';
  /** `namespace/name`, or `name` for cluster-wide kinds. */
  readonly key: string;
  readonly object: T;
}
/**
 * Why an informer cannot follow its objects at present. What it holds stays, whatever the reason.
 *
 * - `forbidden`: the server refuses to list or watch them (403).
 * - `absent`: the server does not serve the kind (404), because its CRD is not installed or was removed.
 * - `unavailable`: anything else, such as a server that is not reached. It says nothing of the objects: wait.
 *
 * The first two are the server's verdicts. They are told once the server has kept to one for two seconds, because a
 * server that starts refuses for a moment what it grants later, and they hold until the objects are watched again.
 */
export interface InformerFailure {
  readonly kind: 'forbidden' | 'absent' | 'unavailable';
  /** For operators: what failed, and what would help. */
  readonly message: string;
}
/** A shared, self-healing cache of one kind of Kubernetes objects. */
export interface Informer<T> {
  /** True once the first full list was received; stays true. */
  readonly hasSynced: boolean;
  /** Resolves with the first sync, or rejects when the signal aborts first. */
  synced(signal: AbortSignal): Promise<void>;
  get(key: string): T | undefined;
  list(): Iterable<T>;
  /** Calls the listener after each batch of changes (a relist is one batch), after the cache has them. */
  onChange(listener: (changes: readonly InformerChange<T>[]) => void): () => void;
  /** `undefined`: nothing fails. It is tried again within 30 seconds, for ever. */
  readonly failure: InformerFailure | undefined;
  /** Calls the listener when {@link failure} becomes another kind of failure, or ends. */
  onFailure(listener: (failure: InformerFailure | undefined) => void): () => void;
  /** Gives the informer back; the watch ends with its last user. */
  close(): void;
}
/** Which objects are to be followed, and what of them is kept. */
export interface InformerRequest<T> {
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** `undefined`: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Asks for the objects' metadata only: contents, such as those of Secrets, are not sent at all. @default false */
  readonly metadataOnly?: boolean;
  /**
   * Reduces an object on arrival to what is needed (or `undefined` to leave it out). Informers are shared by
   * everything else in the request *and* the `shape` name.
   */
  readonly slim: (object: unknown) => T | undefined;
  /** Names what `slim` makes. */
  readonly shape: string;
  /** Counts failed lists and watches. Of an informer with several users each failure counts once. */
  readonly failures?: Counter;
}
/** Follows the objects of one API server. */
export interface KubernetesAccess {
  informer<T>(request: InformerRequest<T>): Informer<T>;
}

/** Which API server is meant, as `kubernetes_sd_configs` says it; neither field: that of the allocator. */
export interface KubernetesServerConfig extends HttpClientConfig {
  /** The server's URL; the HTTP client settings say how it is spoken to. */
  readonly api_server?: string;
  /** A kubeconfig file, whose current context is used. The empty text stands for none. */
  readonly kubeconfig_file?: string;
}
/** One API server. */
export interface KubernetesServer extends KubernetesAccess {
  /** The namespace of the pod that the allocator runs in; `undefined` unless its service account is used. */
  readonly ownNamespace: string | undefined;
}
/** The API servers that a configuration may name. */
export interface KubernetesServers {
  /**
   * Gives access to a server. Nothing is connected before the first informer is opened; everything that means the same
   * server in the same way shares one connection, which ends with the last informer.
   *
   * @throws Error with a code `TA_KUBE…` or `TA_HTTP_CONFIG` for what can never work: a kubeconfig file that is missing
   *   or names no server, settings that are not supported, no way to a server at all.
   */
  server(config: KubernetesServerConfig): KubernetesServer;
}

/** Turns kinds of custom resources into sources of scrape configs. */
export interface CustomResourceHost {
  /**
   * A source that watches the resources, selects, converts and checks them one by one, and reports on each. What a
   * resource needs of Secrets and ConfigMaps is read and followed; a rejected resource keeps its last good version; a kind
   * that is missing or must not be read is awaited without holding up others.
   */
  source(resource: CustomResource, selection: ResourceSelection): ScrapeConfigSource;
}

/** Something whose state is shown in `/readyz?verbose`. */
export interface ReadinessIndicator {
  /** Shown after the plugin's name. */
  readonly name: string;
  /**
   * Whether it is as it should be, and how it is, for operators. Asked at each look; must answer at once. What never was
   * as it should be keeps the allocator from being ready until the start-up bound.
   */
  status(): { readonly answered: boolean; readonly isStale?: boolean; readonly detail: string };
}

/** What the host gives to each definition. */
export interface PluginContext {
  readonly logger: Logger;
  readonly meter: Meter;
  readonly clock: Clock;
  /** What this instance is made for, for metric labels: the (first) job of a discovery. */
  readonly instance?: string;
  /** Makes an HTTP client; close it when the source stops. */
  httpClient(config: HttpClientConfig): HttpClient;
  /** Access to the API server of the cluster that the allocator belongs to; absent outside one. */
  readonly kubernetes?: KubernetesAccess;
  /** Access to API servers by configuration; absent where the host offers none. */
  readonly kubernetesServers?: KubernetesServers;
  /** Joins the readiness of the allocator; the answer leaves it. Absent where the host offers none. */
  readonly joinReadiness?: (indicator: ReadinessIndicator) => () => void;
  /** Watches custom resources; absent where the host offers none. */
  readonly customResources?: CustomResourceHost;
}
