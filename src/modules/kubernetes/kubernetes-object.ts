import { isRecord } from '../../core/document/is-record.js';
import { ApiProtocolError } from './kubernetes.errors.js';

/** A field that is text and not empty. */
export function textField(
  record: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  const value = record[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What tells one state of one object from every other. */
export interface ObjectIdentity {
  /** `namespace/name`, or `name` for cluster-wide kinds. */
  readonly key: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** @throws ApiProtocolError when it is no object of the API. */
export function identityOf(object: unknown): ObjectIdentity {
  const metadata = isRecord(object) && isRecord(object['metadata']) ? object['metadata'] : {};
  const name = textField(metadata, 'name');
  const resourceVersion = textField(metadata, 'resourceVersion');
  if (name === undefined || resourceVersion === undefined) {
    throw new ApiProtocolError('an object without metadata.name or metadata.resourceVersion');
  }
  const namespace = textField(metadata, 'namespace');
  return {
    key: namespace === undefined ? name : `${namespace}/${name}`,
    uid: textField(metadata, 'uid') ?? '',
    resourceVersion,
  };
}

/** The version that a bookmark or a list stands for. */
export function versionOf(object: unknown): string | undefined {
  if (!isRecord(object) || !isRecord(object['metadata'])) return undefined;
  return textField(object['metadata'], 'resourceVersion');
}
