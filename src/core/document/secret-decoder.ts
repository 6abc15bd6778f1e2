import { Secret } from './secret.js';
import { type Decoder, decoder } from './decoder.js';
import { resolveScalar } from './yaml11-scalar.js';

/** A text that must not be shown; null is the empty one. Problems with it never name its value. */
export const secret: Decoder<Secret> = decoder((at) => {
  const value = at.node.kind === 'scalar' ? resolveScalar(at.node) : undefined;
  if (at.node.kind !== 'scalar' || value === undefined || value.type === 'invalid') {
    at.error('expected a text', { hideValue: true });
    return undefined;
  }
  if (value.type === 'null') return new Secret('');
  return new Secret(value.type === 'text' ? value.value : at.node.text);
});
