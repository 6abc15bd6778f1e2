export type { Collector } from '../core/allocation/collector.js';
export {
  type Conversion,
  type CustomResource,
  MissingReferenceError,
  type ResourceLookup,
  type ScrapeConfigDocument,
  type ValueReference,
} from '../core/custom-resource/conversion.js';
export type {
  ExcludedFromEnforcement,
  PrometheusSpec,
  WatcherOptions,
} from '../core/custom-resource/prometheus-spec.js';
export type { ResourceObject } from '../core/custom-resource/resource-object.js';
export type { ResourceSelection } from '../core/custom-resource/resource-selection.js';
export { isStateful } from '../core/allocation/is-stateful.js';
export { withFallback } from '../core/allocation/with-fallback.js';
export { parseByteSize } from '../core/duration/byte-size.js';
export { parsePrometheusDuration } from '../core/duration/prometheus-duration.js';
export { loadXxhash64, xxhash64, type Xxhash64 } from '../core/hash/xxhash64.js';
export {
  LabelSelectorError,
  labelSelectorText,
  type LabelSelectorTerms,
} from '../core/kubernetes/label-selector.js';
export { compareUtf8 } from '../core/labels/compare-utf8.js';
export { emptyLabelSet, labelSetOf, type LabelSet } from '../core/labels/label-set.js';
export type { LayoutProgram } from '../core/relabel/layout-program.js';
export {
  compileRelabelConfigs,
  type ProgramOptions,
  type RelabelProgram,
  type RelabelStep,
} from '../core/relabel/program.js';
export { RelabelConfigError } from '../core/relabel/relabel.errors.js';
export type { RelabelOptions } from '../core/relabel/rule.js';
export { seedsOf, withoutSharding, type Seed } from '../core/relabel/seeds.js';
export type * from '../core/scrape-config/model.js';
export type { Authority } from '../core/scrape-config/go-url-authority.js';
export { parseGoUrl, type GoUrl, type GoUrlResult } from '../core/scrape-config/go-url.js';
export { Secret } from '../core/scrape-config/secret.js';
export { ColumnGroup } from '../core/target/column-group.js';
export type { Target } from '../core/target/target.js';
export type { TargetGroup } from '../core/target/target-group.js';
export { abortWith } from './abort-with.js';
export { pluginApiVersion } from './api-version.js';
export type * from './context.js';
export * from './define.js';
export { durationMs } from './duration.js';
export { deletionOf, GroupChanges } from './group-changes.js';
export { HttpBodyTooLargeError, HttpRequestError, type HttpErrorCode } from './http.errors.js';
export type * from './policy.js';
export { refreshSource, type RefreshOptions } from './refresh.js';
export { sleepOn } from './sleep-on.js';
export { LoopShare, runInSlices } from './slices.js';
export type * from './source.js';
export type * from './standard-schema.js';
export { readTargetGroupsYaml, type TargetGroupsYaml } from './target-groups-yaml.js';
export { untilAborted } from './until-aborted.js';
