import { GoUrlError } from './go-url.errors.js';

/**
 * Go's escaping works on bytes; here a text of bytes has one character for each byte (0 to 255), so that what an escape
 * stands for need not be UTF-8.
 */
type ByteText = string;

const unreserved = /[a-zA-Z0-9\-._~]/;

function keeper(marks: string): (byte: number) => boolean {
  return (byte) => {
    const char = String.fromCharCode(byte);
    return byte < 0x80 && (unreserved.test(char) || marks.includes(char));
  };
}

/** Which bytes stand for themselves in each part. */
export const keepsInPath = keeper('$&+,/:;=@');
export const keepsInFragment = keeper('!$&()*+,/:;=?@');
export const keepsInUser = keeper('$&+,;=');
export const keepsInHost = keeper('!"$&\'()*+,:;<=>[]');

export function bytesOf(text: string): ByteText {
  // Piece by piece: arguments are kept on the stack, which a tenant's text must not exhaust.
  const bytes = new TextEncoder().encode(text);
  let result = '';
  for (let at = 0; at < bytes.length; at += 4096) {
    result += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return result;
}

/** @param bytes One character for each byte. */
export function escapeBytes(bytes: ByteText, keeps: (byte: number) => boolean): string {
  return Array.from(bytes, (char) => {
    const byte = char.charCodeAt(0);
    return keeps(byte) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

/**
 * What a text with escapes stands for.
 *
 * @throws GoUrlError for a percent sign that no two hexadecimal digits follow.
 */
export function unescapeBytes(text: string): ByteText {
  const malformed = /%(?![0-9a-fA-F]{2})/.exec(text);
  if (malformed !== null) {
    const escape = text.slice(malformed.index, malformed.index + 3);
    throw new GoUrlError(`invalid URL escape ${JSON.stringify(escape)}`);
  }
  return bytesOf(text).replaceAll(/%([0-9a-fA-F]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

/** Whether a text has no byte that would have to be escaped; sub-delimiters and brackets are let pass. */
export function isValidEscaping(text: string, keeps: (byte: number) => boolean): boolean {
  return Array.from(bytesOf(text)).every(
    (char) => "!$&'()*+,;=:@[]%".includes(char) || keeps(char.charCodeAt(0)),
  );
}
