import { readFile } from 'node:fs/promises';

import type { Problem } from '../../core/document/problem.js';

/** What an error number means, and what to do. */
const meanings: ReadonlyMap<string, readonly [message: string, hint: string]> = new Map([
  ['ENOENT', ['no such file', 'check the path']],
  ['EACCES', ['no permission to read it', 'let the user of this process read it']],
  ['EISDIR', ['a directory, not a file', 'give the path of a file']],
  ['ELOOP', ['too many symbolic links', 'check where the links lead']],
]);

/** The text of a file, or why there is none. */
export type TextFile =
  { readonly text: string } | { readonly problem: Problem; readonly isMissing: boolean };

/** Reads a whole file as UTF-8; or says why it could not. */
export async function readTextFile(path: string): Promise<TextFile> {
  const refuse = (message: string, hint: string, isMissing = false): TextFile => ({
    problem: { severity: 'error', file: path, path: '', message, hint },
    isMissing,
  });
  if (path === '') return refuse('no file is named', 'give the path of a file');
  try {
    const bytes = await readFile(path);
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) return refuse('not a text in UTF-8', 'save it as UTF-8');
    const [message, hint] = meanings.get(codeOf(error)) ?? [
      `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'check the file',
    ];
    return refuse(message, hint, codeOf(error) === 'ENOENT');
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
