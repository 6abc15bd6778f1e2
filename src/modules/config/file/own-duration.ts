import { type Decoder, decoder, mismatch, textAt } from '../../../core/document/decoder.js';
import { resolveScalar } from '../../../core/document/yaml11-scalar.js';
import { parseGoDuration } from '../../../core/duration/go-duration.js';

const expected = 'a Go duration such as 30s or 1m30s';
const nanosecondsPerMs = 1_000_000;

/**
 * A duration of the allocator's own keys, in milliseconds. They are Go durations (`1m30s`; `1d` is none), unlike those of
 * the Prometheus part. A bare number is one of nanoseconds, as in the Go allocator, which is hardly ever meant.
 */
export const ownDuration: Decoder<number> = decoder((at) => {
  if (at.node.kind !== 'scalar') {
    mismatch(at, expected);
    return undefined;
  }
  const value = resolveScalar(at.node);
  if (value.type === 'integer') {
    if (value.value !== 0n) {
      at.warn('a number without a unit means nanoseconds', { hint: `write ${expected}` });
    }
    return Number(value.value) / nanosecondsPerMs;
  }
  const written = textAt(at, expected);
  if (written === undefined) return undefined;
  const duration = parseGoDuration(written);
  if (duration.ok) return duration.value;
  at.error(duration.message, { hint: duration.hint ?? `write ${expected}` });
  return undefined;
});
