import type { ScrapeProtocol, WholeNumber } from '../scrape-config/model.js';
import type { ResourceSelection } from './resource-selection.js';

/**
 * What a cluster's administrator lays down for all jobs that are made of custom resources: the part of
 * `CommonPrometheusFields` that changes scrape configs, under its own names. What is absent changes nothing. Durations and
 * sizes are texts in Prometheus' form.
 *
 * @see github.com/prometheus-operator/prometheus-operator v0.93.1, pkg/apis/monitoring/v1/prometheus_types.go
 */
export interface PrometheusSpec {
  /** What jobs have that say nothing themselves; the Go allocator gives `30s`. */
  readonly scrapeInterval: string;
  readonly evaluationInterval: string;
  readonly scrapeTimeout?: string;
  /** Empty: the operator's defaults. */
  readonly scrapeProtocols: readonly ScrapeProtocol[];
  /** As written, with the field names of the custom resource (camelCase). Checked by who uses them. */
  readonly scrapeClasses: readonly unknown[];
  /** @default 'EndpointSlice' */
  readonly serviceDiscoveryRole?: 'EndpointSlice' | 'Endpoints';
  readonly overrideHonorLabels?: boolean;
  readonly overrideHonorTimestamps?: boolean;
  readonly ignoreNamespaceSelectors?: boolean;
  readonly enforcedNamespaceLabel?: string;
  readonly excludedFromEnforcement?: readonly ExcludedFromEnforcement[];
  readonly enforcedSampleLimit?: WholeNumber;
  readonly enforcedTargetLimit?: WholeNumber;
  readonly enforcedLabelLimit?: WholeNumber;
  readonly enforcedLabelNameLengthLimit?: WholeNumber;
  readonly enforcedLabelValueLengthLimit?: WholeNumber;
  readonly enforcedKeepDroppedTargets?: WholeNumber;
  readonly enforcedBodySizeLimit?: string;
  readonly sampleLimit?: WholeNumber;
  readonly targetLimit?: WholeNumber;
  readonly labelLimit?: WholeNumber;
  readonly labelNameLengthLimit?: WholeNumber;
  readonly labelValueLengthLimit?: WholeNumber;
  readonly keepDroppedTargets?: WholeNumber;
  readonly bodySizeLimit?: string;
  readonly podTargetLabels?: readonly string[];
  readonly scrapeNativeHistograms?: boolean;
  readonly scrapeClassicHistograms?: boolean;
  readonly convertClassicHistogramsToNHCB?: boolean;
  /** @default 'UTF8' */
  readonly nameValidationScheme?: 'UTF8' | 'Legacy';
  readonly nameEscapingScheme?: 'AllowUTF8' | 'Underscores' | 'Dots' | 'Values';
}

/**
 * A resource that the rule on namespaces does not apply to.
 *
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ObjectReference
 */
export interface ExcludedFromEnforcement {
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name?: string;
}

/** The options of a watcher of custom resources. */
export interface WatcherOptions {
  readonly selection: ResourceSelection;
  readonly spec: PrometheusSpec;
  /** Written as `kubeconfig_file` into each `kubernetes_sd_configs` entry; the empty text stands for in-cluster. */
  readonly kubeconfigFile: string;
}
