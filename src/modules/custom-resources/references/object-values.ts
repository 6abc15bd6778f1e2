import { isRecord } from '../../../core/document/is-record.js';
import { Secret } from '../../../plugin-api/index.js';
import type { ReferencedKind } from '../referenced-values.js';

/** The values of one object by their keys. ConfigMaps are kept as Secrets are: what is in them is nobody's business. */
export interface ObjectValues {
  readonly resourceVersion: string;
  readonly values: ReadonlyMap<string, Secret>;
}

/**
 * Takes the values out of an object as the API server gives it. Bytes of a Secret that are no UTF-8 become U+FFFD, as they
 * do in the Go allocator's JSON answers. `binaryData` of a ConfigMap is not looked at, as in the operator's generator.
 *
 * @throws TypeError when it is no such object.
 */
export function readValues(kind: ReferencedKind, object: unknown): ObjectValues {
  if (!isRecord(object) || !isRecord(object['metadata'])) throw new TypeError(`no ${kind}`);
  const { resourceVersion } = object['metadata'];
  if (typeof resourceVersion !== 'string') throw new TypeError(`a ${kind} without a version`);
  const data = isRecord(object['data']) ? object['data'] : {};
  const values = new Map<string, Secret>();
  for (const [key, value] of Object.entries(data)) {
    // An empty value of a Secret may be null on the wire.
    const text = typeof value === 'string' ? value : '';
    values.set(key, new Secret(kind === 'Secret' ? decode(text) : text));
  }
  return { resourceVersion, values };
}

export function sameValues(a: ObjectValues, b: ObjectValues): boolean {
  if (a.values.size !== b.values.size) return false;
  for (const [key, value] of a.values) {
    const other = b.values.get(key);
    if (other === undefined || !value.equals(other)) return false;
  }
  return true;
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
