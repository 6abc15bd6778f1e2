import { type Decoder, parsedText } from '../document/decoder.js';
import { parseByteSize } from '../duration/byte-size.js';
import { parsePrometheusDuration } from '../duration/prometheus-duration.js';

/** A Prometheus duration in milliseconds; null is 0, which stands for "not set". */
export const durationMs: Decoder<number> = parsedText(parsePrometheusDuration, 0, 'a duration');

/** A size in bytes; null is 0, which stands for "no limit". */
export const byteSize: Decoder<number> = parsedText(parseByteSize, 0, 'a size');
