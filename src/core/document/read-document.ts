import { Composer, type CST, type Document, Lexer, LineCounter, Parser } from 'yaml';
import { convertDocument } from './convert-yaml.js';
import { DocumentRefusal } from './document-refusal.js';
import { type DocumentNode, nullNode } from './node.js';
import type { Problem } from './problem.js';

/** How a document is read. */
export interface ReadOptions {
  /** What the document is called in problems: the path of its file. */
  readonly file: string;
  /** The largest size that is read, in UTF-16 units (bytes, for ASCII). @default 8 MiB */
  readonly maxSize?: number;
  /** The deepest nesting that is read, aliases counted. @default 64 */
  readonly maxDepth?: number;
}

/** A line and a column, both from 1. */
export interface DocumentPosition {
  readonly line: number;
  readonly column: number;
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
  const lines = new LineCounter();
  const positionOf = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const refuse = (refusals: readonly DocumentRefusal[]): ReadDocument => ({
    file: options.file,
    root: nullNode,
    problems: refusals.map(({ message, offset, hint }) => ({
      severity: 'error',
      file: options.file,
      ...positionOf(offset),
      path: '',
      message,
      ...(hint === undefined ? {} : { hint }),
    })),
    positionOf,
  });
  try {
    checkText(text, options.maxSize ?? defaultMaxSize);
    const maxDepth = options.maxDepth ?? defaultMaxDepth;
    const document = composeFirst(text, maxDepth, lines);
    if (document === undefined) return refuse([]);
    if (document.errors.length > 0) {
      return refuse(
        document.errors.map(
          (error) => new DocumentRefusal(lowerFirst(error.message), error.pos[0]),
        ),
      );
    }
    const root = convertDocument(document.contents, { text, maxDepth });
    return { file: options.file, root, problems: [], positionOf };
  } catch (error) {
    if (error instanceof DocumentRefusal) return refuse([error]);
    throw error;
  }
}

function checkText(text: string, maxSize: number): void {
  if (text.length > maxSize) {
    throw new DocumentRefusal(
      `the document has ${String(text.length)} characters, more than the ${String(maxSize)} that are read`,
      0,
      'split it, for example with scrape_config_files or file_sd_configs',
    );
  }
  const control = controlCharacter.exec(text);
  if (control !== null) {
    throw new DocumentRefusal('control characters are not allowed', control.index);
  }
}

/** Parses up to the end of the first document; later ones do not count, as in Go. */
function composeFirst(
  text: string,
  maxDepth: number,
  lines: LineCounter,
): Document.Parsed | undefined {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  // Texts stay texts (failsafe): what they mean is for the decoder to say. Unique keys are checked while converting,
  // because the library compares every key with every other one.
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, prettyErrors: false });
  for (const document of composer.compose(firstDocument(text, maxDepth, parser))) return document;
  return undefined;
}

/** @throws DocumentRefusal when the nesting is too deep: the composer recurses, the parser does not. */
function* firstDocument(text: string, maxDepth: number, parser: Parser): Generator<CST.Token> {
  let documents = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === 'document') documents += 1;
      if (documents > 1) return;
      yield token;
    }
    if (parser.stack.length > maxDepth + 2) {
      throw new DocumentRefusal(`nested deeper than ${String(maxDepth)} levels`, parser.offset);
    }
  }
  for (const token of parser.end()) {
    if (documents === 0 || token.type !== 'document') yield token;
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
