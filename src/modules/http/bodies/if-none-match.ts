import type { Encoding } from './accept-encoding.js';

/** The entity tag of one encoding of a body; each encoding has other bytes, so a strong tag must differ. */
export function entityTag(tag: string, encoding: Encoding): string {
  return encoding === 'identity' ? `"${tag}"` : `"${tag}.${encoding}"`;
}

/**
 * Whether a client already has the answer, in whatever encoding.
 *
 * @param header The value of `If-None-Match`: `*`, or a list of tags, each perhaps weak.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match
 */
export function isKnownToClient(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((item) => {
    const opaque = /^(?:W\/)?"([^"]*)"$/.exec(item.trim())?.[1];
    return opaque?.replace(/\.(?:gzip|br)$/, '') === tag;
  });
}
