import { isRecord } from '../../core/document/is-record.js';
import { KeptFileRefusedError } from './warm-start.errors.js';

/** Other versions are not read: what they kept is made anew within seconds. */
export const FORMAT = 1;
const LENGTH_BYTES = 4;

/** A kept file, unpacked. */
export interface PackedFile {
  /** What the file says of itself; not checked yet. */
  readonly head: Readonly<Record<string, unknown>>;
  readonly payload: Uint8Array;
}

/** A file's content as pieces: the length of the head, the head as JSON, the payload. */
export function packed(
  head: Readonly<Record<string, unknown>>,
  payload: readonly Uint8Array[] = [],
): readonly Uint8Array[] {
  const text = Buffer.from(JSON.stringify({ format: FORMAT, ...head }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(text.length);
  return [length, text, ...payload];
}

/** @throws KeptFileRefusedError */
export function unpacked(bytes: Uint8Array): PackedFile {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = buffer.length < LENGTH_BYTES ? Infinity : LENGTH_BYTES + buffer.readUInt32BE(0);
  if (headEnd > buffer.length) throw new KeptFileRefusedError('it is cut short');
  const head = parsed(buffer.toString('utf8', LENGTH_BYTES, headEnd));
  if (!isRecord(head) || !('format' in head)) {
    throw new KeptFileRefusedError('it was not written by this program');
  }
  const { format } = head;
  if (format !== FORMAT) {
    throw new KeptFileRefusedError(`it has format ${String(format)}, not ${String(FORMAT)}`);
  }
  return { head, payload: buffer.subarray(headEnd) };
}

/** The file is one of this program's, but says what none of them would. */
export function malformed(): KeptFileRefusedError {
  return new KeptFileRefusedError('its content is malformed');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new KeptFileRefusedError('it was not written by this program', { cause: error });
  }
}
