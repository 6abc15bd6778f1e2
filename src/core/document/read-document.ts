import { DocumentRefusal } from './document-refusal.js';
import { readWithLibrary } from './library-document.js';
import { type DocumentPosition, positionsIn } from './line-positions.js';
import { type DocumentNode, type MappingNode, nullNode } from './node.js';
import { maxLevels, readPlainDocument } from './plain-document.js';
import type { Problem } from './problem.js';
import { toEnd } from './steps.js';

/** How a document is read. */
export interface ReadOptions {
  /** What the document is called in problems: the path of its file. */
  readonly file: string;
  /** The largest size that is read, in UTF-16 units (bytes, for ASCII). @default 8 MiB */
  readonly maxSize?: number;
  /** The deepest nesting that is read, aliases counted. @default 64 */
  readonly maxDepth?: number;
}

/** A document that was read. */
export interface ReadDocument {
  readonly file: string;
  /** The content; the null scalar when there is none or it could not be read. */
  readonly root: DocumentNode;
  /** Why it could not be read; empty when it could. */
  readonly problems: readonly Problem[];
  /** Where an offset is. */
  positionOf(offset: number): DocumentPosition;
  /** A text that two mappings share only when they say the same; `undefined` where that cannot be told from the text. */
  fingerprintOf(node: MappingNode): string | undefined;
}

/** The default of {@link ReadOptions.maxSize}. */
export const defaultMaxSize = 8 * 1024 * 1024;
const defaultMaxDepth = 64;
/** What Go's yaml reader refuses in the text itself. */
const controlCharacter =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]|\p{Surrogate}/u;

/**
 * Reads YAML or JSON text into nodes that keep the text as written and where it stands. Only the first document counts.
 * Never throws for bad input: what is wrong is in {@link ReadDocument.problems}.
 *
 * Texts that are too large, nested too deep or blown up by aliases are refused before they cost anything.
 */
export function readDocument(text: string, options: ReadOptions): ReadDocument {
  return toEnd(readDocumentInSteps(text, options));
}

/** As {@link readDocument}, interruptible where it yields; only what needs the library is read in one piece. */
export function* readDocumentInSteps(
  text: string,
  { file, maxSize = defaultMaxSize, maxDepth = defaultMaxDepth }: ReadOptions,
): Generator<undefined, ReadDocument> {
  const positionOf = positionsIn(text);
  const fingerprintOf = (node: MappingNode): string | undefined => fingerprintIn(text, node);
  const refusal = refusalOf(text, maxSize);
  const plain =
    refusal === undefined && maxDepth > maxLevels ? yield* readPlainDocument(text) : undefined;
  const content = refusal ?? plain ?? readWithLibrary(text, maxDepth);
  if ('kind' in content) return { file, root: content, problems: [], positionOf, fingerprintOf };
  const problems = content.map(({ message, offset, hint }): Problem => ({
    severity: 'error',
    file,
    ...positionOf(offset),
    path: '',
    message,
    ...(hint === undefined ? {} : { hint }),
  }));
  return { file, root: nullNode, problems, positionOf, fingerprintOf };
}

/** Where lines are told by their indentation, the same lines may mean something else after another first column. */
function fingerprintIn(text: string, { offset = 0, end }: MappingNode): string | undefined {
  if (end === undefined) return undefined;
  const column = text[offset] === '{' ? 0 : offset - text.lastIndexOf('\n', offset);
  return `${String(column)} ${text.slice(offset, end)}`;
}

function refusalOf(text: string, maxSize: number): readonly DocumentRefusal[] | undefined {
  if (text.length > maxSize) {
    const size = String(text.length);
    return [
      new DocumentRefusal(
        `the document has ${size} characters, more than the ${String(maxSize)} that are read`,
        0,
        'split it, for example with scrape_config_files or file_sd_configs',
      ),
    ];
  }
  const control = controlCharacter.exec(text);
  if (control === null) return undefined;
  return [new DocumentRefusal('control characters are not allowed', control.index)];
}
