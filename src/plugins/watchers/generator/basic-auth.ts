import { type DocumentFields, present } from './document-fields.js';
import type { References } from './references.js';
import type { SpecValue } from './spec-value.js';

/** `basicAuth` as the document's `basic_auth`; `undefined` where there is none. */
export function basicAuth(at: SpecValue, references: References): DocumentFields | undefined {
  if (!at.isPresent) return undefined;
  const username = references.secret(at.field('username'));
  const password = references.secret(at.field('password'));
  return present({ username: username?.reveal(), password });
}
