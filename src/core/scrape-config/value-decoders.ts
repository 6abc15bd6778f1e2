import { type Decoder, decoder, parsedText, textAt } from '../document/decoder.js';
import { resolveScalar } from '../document/yaml11-scalar.js';
import { parseByteSize } from '../duration/byte-size.js';
import { parsePrometheusDuration } from '../duration/prometheus-duration.js';

/** A Prometheus duration in milliseconds; null is 0, which stands for "not set". */
export const durationMs: Decoder<number> = parsedText(parsePrometheusDuration, 0, 'a duration');

/** A size in bytes; null is 0, which stands for "no limit". */
export const byteSize: Decoder<number> = decoder((at) => {
  if (at.node.kind === 'scalar' && resolveScalar(at.node).type === 'null') return 0;
  const written = textAt(at, 'a size');
  if (written === undefined) return undefined;
  const size = parseByteSize(written);
  if (size.ok) return size.value;
  at.error(size.message, size.hint === undefined ? {} : { hint: size.hint });
  return undefined;
});
