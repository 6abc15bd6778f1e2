/** Labels of this prefix tell what discovery knows of a target; they are dropped after relabeling. */
const metaPrefix = '__meta_';

/**
 * Whether a label only lives until relabeling is done and so takes no part in a target's identity.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/scrape/target.go
 */
export function isMetaLabel(name: string): boolean {
  return name.startsWith(metaPrefix);
}

/**
 * Which label names a configuration allows: `utf8` every text but the empty one, `legacy` only
 * `[a-zA-Z_][a-zA-Z0-9_]*`.
 */
export type NameValidationScheme = 'utf8' | 'legacy';

const legacyName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** @see https://github.com/prometheus/common/blob/v0.70.1/model/metric.go, `IsValidLabelName` */
export function isValidLabelName(name: string, scheme: NameValidationScheme): boolean {
  return scheme === 'utf8' ? name !== '' : legacyName.test(name);
}
