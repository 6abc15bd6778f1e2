/** A string with its quotes, or one of the signs that make the structure, or what stands between them. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^"{}[\],:\s]+/g;

/** Breaks and indents compact JSON without reading its values, so that long numbers and odd keys stay as they are. */
export function indentJson(compact: string): string {
  let depth = 0;
  let out = '';
  let former = '';
  const newline = (): string => `\n${'  '.repeat(depth)}`;
  for (const [part] of compact.matchAll(token)) {
    const isClosing = part === '}' || part === ']';
    if (isClosing) depth--;
    if (isClosing ? !isOpening(former) : isOpening(former) || former === ',') out += newline();
    out += part === ':' ? ': ' : part;
    if (isOpening(part)) depth++;
    former = part;
  }
  return out;
}

function isOpening(part: string): boolean {
  return part === '{' || part === '[';
}
