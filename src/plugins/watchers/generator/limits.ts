import type { PrometheusSpec, WholeNumber } from '../../../plugin-api/index.js';
import { parseByteSize } from '../../../plugin-api/index.js';
import { type DocumentFields, present } from './document-fields.js';
import type { SpecValue } from './spec-value.js';

const limits = [
  ['sampleLimit', 'sample_limit', 'enforcedSampleLimit'],
  ['targetLimit', 'target_limit', 'enforcedTargetLimit'],
  ['labelLimit', 'label_limit', 'enforcedLabelLimit'],
  ['labelNameLengthLimit', 'label_name_length_limit', 'enforcedLabelNameLengthLimit'],
  ['labelValueLengthLimit', 'label_value_length_limit', 'enforcedLabelValueLengthLimit'],
  ['keepDroppedTargets', 'keep_dropped_targets', 'enforcedKeepDroppedTargets'],
] as const satisfies readonly (readonly [keyof PrometheusSpec, string, keyof PrometheusSpec])[];

/** The names of the limits in the document. */
export const limitFieldNames: ReadonlySet<string> = new Set(limits.map(([, field]) => field));

/** A resource's limits, never above the enforced ones. What it leaves open is left to the limits for all jobs. */
export function limitFields(at: SpecValue, spec: PrometheusSpec): DocumentFields {
  return present(
    Object.fromEntries(
      limits.map(([own, field, enforced]) => [field, lower(at.field(own).whole(), spec[enforced])]),
    ),
  );
}

/** The limits for all jobs that have none of their own. */
export function globalLimits(spec: PrometheusSpec): DocumentFields {
  return present(
    Object.fromEntries(
      limits.map(([own, field, enforced]) => [field, globalLimit(spec[own], spec[enforced])]),
    ),
  );
}

/** A resource's `body_size_limit`, never above the enforced one. */
export function bodySizeLimit(at: SpecValue, spec: PrometheusSpec): DocumentFields {
  const own = at.text() ?? '';
  const enforced = spec.enforcedBodySizeLimit ?? '';
  const isLower = own !== '' && (enforced === '' || bytes(own) <= bytes(enforced));
  const limit = isLower ? own : enforced;
  return limit === '' ? {} : { body_size_limit: limit };
}

/** A size that cannot be read counts as none; it is refused when the job is checked. */
export function bytes(text: string): number {
  const parsed = parseByteSize(text);
  return parsed.ok ? parsed.value : 0;
}

function lower(own: WholeNumber | undefined, enforced: WholeNumber = 0): WholeNumber | undefined {
  if (isZero(enforced)) return own;
  if (own === undefined || isZero(own)) return undefined;
  return enforced > own ? own : enforced;
}

function globalLimit(own: WholeNumber = 0, enforced: WholeNumber = 0): WholeNumber | undefined {
  if (own > 0) return enforced > 0 && own > enforced ? enforced : own;
  return enforced > 0 ? enforced : undefined;
}

function isZero(limit: WholeNumber): boolean {
  return limit === 0 || limit === 0n;
}
