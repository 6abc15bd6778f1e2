import { Secret } from './secret.js';
import { userMap } from './collections.js';
import type { Cursor } from './cursor.js';
import { type Decoder, decoder, mismatch } from './decoder.js';
import { resolveScalar } from './yaml11-scalar.js';

/**
 * Plain data of any shape, as Go reads it into `any`: unquoted scalars mean what YAML 1.1 says (`yes` is true, `0777` is
 * 511), whole numbers above 2^53 are bigints, mappings are objects without a prototype. Secrets that came as such stay.
 */
export const anything: Decoder<unknown> = decoder((at) =>
  plainValue(at, (text) => new Secret(text)),
);

/** The same with secrets as the texts that they are: for who decides itself what is a secret. */
export const anythingRevealed: Decoder<unknown> = decoder((at) => plainValue(at, (text) => text));

type SecretValue = (text: string) => unknown;

function plainValue(at: Cursor, secretValue: SecretValue): unknown {
  const { node } = at;
  switch (node.kind) {
    case 'sequence':
      return node.items.map((_, index) => plainValue(at.item(index), secretValue));
    case 'mapping': {
      const map = userMap<unknown>();
      for (const key of node.entries.keys()) map[key] = plainValue(at.field(key), secretValue);
      return map;
    }
    case 'scalar':
      return node.isSecret === true ? secretValue(node.text) : scalarValue(at);
  }
}

function scalarValue(at: Cursor): unknown {
  if (at.node.kind !== 'scalar') return undefined;
  const resolved = resolveScalar(at.node);
  switch (resolved.type) {
    case 'null':
      return null;
    case 'invalid':
      mismatch(at, 'a value');
      return undefined;
    case 'integer':
      return Number.isSafeInteger(Number(resolved.value)) ? Number(resolved.value) : resolved.value;
    default:
      return resolved.value;
  }
}
