import type { EtcdEvent, EtcdSnapshot } from './etcd-client.js';
import { EtcdError } from './etcd.errors.js';

/** The bounds of all keys with a prefix, as requests have them. */
export function prefixBounds(prefix: string): { readonly key: string; readonly range_end: string } {
  const start = Buffer.from(prefix, 'utf8');
  const end = Buffer.from(start);
  // UTF-8 has no byte 0xff, so that the last byte can always be raised.
  end.writeUInt8((end.at(-1) ?? 0) + 1, end.length - 1);
  return { key: start.toString('base64'), range_end: end.toString('base64') };
}

/** @throws EtcdError for what is no answer to a range request. */
export function readSnapshot(answer: unknown): EtcdSnapshot {
  const revision = bigintIn(fieldOf(answer, 'header'), 'revision');
  if (revision === undefined) throw new EtcdError('the answer to a range request has no revision');
  const kvs = listIn(answer, 'kvs').map((kv) => ({
    key: textIn(kv, 'key'),
    value: textIn(kv, 'value'),
  }));
  return { revision, keys: kvs };
}

/**
 * The events in one message of a watch.
 *
 * @throws EtcdError when the watch has ended by it.
 */
export function readEvents(message: unknown): readonly EtcdEvent[] {
  const error = fieldOf(message, 'error');
  if (error !== undefined) throw new EtcdError(`the watch failed: ${JSON.stringify(error)}`);
  const result = fieldOf(message, 'result');
  if (fieldOf(result, 'canceled') === true) {
    const compacted = bigintIn(result, 'compact_revision');
    const reason =
      compacted === undefined ? fieldOf(result, 'cancel_reason') : 'it is too far behind';
    throw new EtcdError(`the watch was cancelled: ${String(reason)}`);
  }
  return listIn(result, 'events').map((event) => {
    const kv = fieldOf(event, 'kv');
    const key = textIn(kv, 'key');
    return fieldOf(event, 'type') === 'DELETE' ? { key } : { key, value: textIn(kv, 'value') };
  });
}

/** The token in the answer to a request to authenticate. @throws EtcdError */
export function readToken(answer: unknown): string {
  const token = fieldOf(answer, 'token');
  if (typeof token === 'string') return token;
  throw new EtcdError('the answer to a request to authenticate has no token');
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const list = fieldOf(value, key);
  return Array.isArray(list) ? list : [];
}

/** Bytes are Base64; what is empty is left out. */
function textIn(value: unknown, key: string): string {
  const bytes = fieldOf(value, key);
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64').toString('utf8') : '';
}

/** Numbers of 64 bits are texts. */
function bigintIn(value: unknown, key: string): bigint | undefined {
  const number = fieldOf(value, key);
  return typeof number === 'string' && /^\d+$/.test(number) ? BigInt(number) : undefined;
}
