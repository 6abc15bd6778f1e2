import { readFile } from 'node:fs/promises';
import { HttpRequestError, type Secret } from '../../plugin-api/index.js';

/**
 * A text that is given in the configuration or in a file. Files are read for each request, so that rotated credentials
 * are used at once; blanks around their text are cut off.
 *
 * @param what Names the setting in errors: `basic_auth.password_file`.
 * @throws HttpRequestError `TA_HTTP_CREDENTIALS` when the file cannot be read.
 */
export async function secretText(
  inline: Secret | string | undefined,
  file: string | undefined,
  what: string,
): Promise<string | undefined> {
  if (inline !== undefined && inline !== '') {
    return typeof inline === 'string' ? inline : inline.reveal();
  }
  if (file === undefined || file === '') return undefined;
  return (await readSettingFile(file, what)).trim();
}

/** @throws HttpRequestError `TA_HTTP_CREDENTIALS` when the file cannot be read. */
export async function readSettingFile(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HttpRequestError('TA_HTTP_CREDENTIALS', `${what} cannot be read: ${reason}`, {
      cause,
    });
  }
}
