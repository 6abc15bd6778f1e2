import { Lexer } from 'yaml';
import { TargetGroupsError } from './target-groups.errors.js';

/** Half a character, or one in two halves, as an escape; after an even number of backslashes or none. */
const halfCharacter = /(?<!\\)(?:\\\\)*\\(?:u|U0000)[dD][89a-fA-F]/;

/**
 * The text of a YAML file as Go's reader (go.yaml.in/yaml/v2) has it: UTF-16 is known by its first two bytes, and a NEL
 * ends a line.
 *
 * @throws TargetGroupsError It is not text, or has escapes of half characters, which YAML in Go does not know.
 */
export function yamlText(body: Uint8Array): string {
  const encoding = encodingOf(body);
  const text = decoded(body, encoding).replaceAll('\u0085', '\n');
  // What looks so is an escape only between double quotes; a text that has it is rare enough to be looked at twice.
  if (halfCharacter.test(text) && hasHalfCharacter(text)) {
    throw new TargetGroupsError(
      'an escape stands for half a character; write the character itself',
    );
  }
  return text;
}

function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

function decoded(body: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(body);
  } catch {
    throw new TargetGroupsError(`it is not ${encoding.toUpperCase()}`);
  }
}

function hasHalfCharacter(text: string): boolean {
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme.startsWith('"') && halfCharacter.test(lexeme)) return true;
  }
  return false;
}
