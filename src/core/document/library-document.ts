import { Composer, type CST, type Document, Lexer, Parser } from 'yaml';
import { convertDocument } from './convert-yaml.js';
import { DocumentRefusal } from './document-refusal.js';
import { type DocumentNode, nullNode } from './node.js';

/**
 * Reads any YAML, at length: the library makes several objects of each word.
 *
 * @returns The content, or why there is none.
 */
export function readWithLibrary(
  text: string,
  maxDepth: number,
): DocumentNode | readonly DocumentRefusal[] {
  try {
    const document = composeFirst(text, maxDepth);
    if (document === undefined) return nullNode;
    if (document.errors.length > 0) {
      return document.errors.map(
        (error) => new DocumentRefusal(lowerFirst(error.message), error.pos[0]),
      );
    }
    return convertDocument(document.contents, { text, maxDepth });
  } catch (error) {
    if (error instanceof DocumentRefusal) return [error];
    throw error;
  }
}

/** Parses up to the end of the first document; later ones do not count, as in Go. */
function composeFirst(text: string, maxDepth: number): Document.Parsed | undefined {
  const parser = new Parser();
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
