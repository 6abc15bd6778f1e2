import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { globFiles } from './glob-files.js';

/** Changes when the content of any of the files, or which files the patterns name, changes. */
export async function fingerprint(patterns: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const pattern of patterns) {
    for (const path of await globFiles(pattern)) {
      const content = await contentOf(path);
      hash.update(JSON.stringify([path, content.length]));
      hash.update(content);
    }
  }
  return hash.digest('base64');
}

/** What cannot be read differs from whatever can be. */
async function contentOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return new TextEncoder().encode(`\0${reason}`);
  }
}
