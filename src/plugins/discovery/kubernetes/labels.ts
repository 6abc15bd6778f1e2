/** One label. Of several with one name in a list the last one counts. */
export type LabelEntry = readonly [name: string, value: string];

/** Every label of this mechanism begins with it. */
export const metaPrefix = '__meta_kubernetes_';

/** The label that each target of a namespaced object has. */
export const namespaceLabel = `${metaPrefix}namespace`;

/** How many names are remembered before all are forgotten: an unlimited variety of keys must not take the memory. */
const mostNames = 20_000;
const madeNames = new Map<string, Map<string, string>>();
let madeCount = 0;

/**
 * A label name from a key that may have any characters. The same keys come with thousands of objects, so each name is
 * made once and its text shared.
 *
 * @param prefix Begins the name, as it is.
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/util/strutil/strconv.go, `SanitizeLabelName`
 */
export function labelName(prefix: string, key: string): string {
  const known = madeNames.get(prefix)?.get(key);
  if (known !== undefined) return known;
  if (madeCount >= mostNames) {
    madeNames.clear();
    madeCount = 0;
  }
  const name = prefix + key.replaceAll(/[^a-zA-Z0-9_]/gu, '_');
  const names = madeNames.get(prefix) ?? new Map<string, string>();
  madeNames.set(prefix, names.set(key, name));
  madeCount += 1;
  return name;
}

/** `host:port`, an IPv6 address in brackets. */
export function joinHostPort(host: string, port: string): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
