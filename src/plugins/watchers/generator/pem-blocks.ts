/** One block of a PEM text. */
export interface PemBlock {
  /** `CERTIFICATE` */
  readonly type: string;
  readonly bytes: Buffer;
}

const opening = '-----BEGIN ';
const closing = '-----END ';
const dashes = '-----';
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * The blocks of a PEM text by the rules of Go: borders are lines of their own, an opening line counts only as the last one
 * before a closing line, and a block that is not well-formed is skipped like any other text.
 *
 * @see https://pkg.go.dev/encoding/pem#Decode
 */
export function* pemBlocks(text: string): Generator<PemBlock, void, undefined> {
  // The carriage return belongs to the line end: at the end of the text, without a line feed, it is text.
  const lines = text.split(/\r?\n/);
  let begin: number | undefined;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith(closing)) {
      const block = begin === undefined ? undefined : blockOf(lines.slice(begin, index + 1));
      if (block !== undefined) yield block;
      begin = undefined;
    } else if (line.includes(opening)) {
      begin = index;
    }
  }
}

/** @param lines From the opening to the closing one. */
function blockOf(lines: readonly string[]): PemBlock | undefined {
  const first = trimmed(lines[0] ?? '');
  if (first.lastIndexOf(opening) !== 0 || !first.endsWith(dashes)) return undefined;
  const border = first.slice(opening.length);
  if (trimmed(lines.at(-1) ?? '') !== closing + border) return undefined;
  const inner = lines.slice(1, -1);
  const body = inner.slice(headersIn(inner));
  // After headers there must be a line, be it an empty one.
  if (inner.length > 0 && body.length === 0) return undefined;
  const encoded = body.join('').replaceAll(/[ \t\r]/g, '');
  if (encoded.length % 4 !== 0 || !base64.test(encoded)) return undefined;
  return { type: border.slice(0, -dashes.length), bytes: Buffer.from(encoded, 'base64') };
}

function headersIn(lines: readonly string[]): number {
  const first = lines.findIndex((line) => !line.includes(':'));
  return first < 0 ? lines.length : first;
}

/** Without blanks at its end; a pattern would take long for a line of many blanks. */
function trimmed(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ' || line[end - 1] === '\t') end -= 1;
  return line.slice(0, end);
}
