import type { PrometheusSpec } from '../../../plugin-api/index.js';
import type { DocumentFields } from './document-fields.js';

/** `honor_labels`: always said, and never true where the administrator overrides it. */
export function honorLabels(own: boolean | undefined, spec: PrometheusSpec): DocumentFields {
  return { honor_labels: own === true && spec.overrideHonorLabels !== true };
}

/** `honor_timestamps`: said only where the resource or the administrator says something. */
export function honorTimestamps(own: boolean | undefined, spec: PrometheusSpec): DocumentFields {
  const isOverridden = spec.overrideHonorTimestamps === true;
  if (own === undefined && !isOverridden) return {};
  return { honor_timestamps: own === true && !isOverridden };
}
