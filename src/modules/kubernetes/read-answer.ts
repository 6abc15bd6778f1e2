import { isUtf8 } from 'node:buffer';
import { refusalError } from './api-status.js';
import type { ApiClient, ApiResponse } from './api-connection.js';
import type { IdleTimer } from './idle-timer.js';
import { ApiProtocolError } from './kubernetes.errors.js';
import { readBytes } from './read-bytes.js';

/** Longest silence during which the beginning or the rest of an answer is awaited. */
export const answerSilenceMs = 90_000;

/**
 * Sends a request and waits until the answer begins.
 *
 * @throws ApiStatusError when the server refuses.
 */
export async function openAnswer(
  client: ApiClient,
  path: string,
  idle: IdleTimer,
): Promise<ApiResponse> {
  idle.allow(answerSilenceMs, `GET ${path}`);
  const response = await client.request({ path, signal: idle.signal });
  if (response.status === 200) return response;
  const text = (await readBody(response, idle)).toString('utf8');
  throw refusalError(response.status, text, response.headers['retry-after']);
}

/** Reads a JSON answer whole. */
export async function readJson(client: ApiClient, path: string, idle: IdleTimer): Promise<unknown> {
  const response = await openAnswer(client, path, idle);
  const body = await readBody(response, idle);
  if (!isUtf8(body)) throw new ApiProtocolError(`the answer to GET ${path} is not UTF-8`);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new ApiProtocolError(`the answer to GET ${path} is not JSON`, { cause });
  }
}

async function readBody(response: ApiResponse, idle: IdleTimer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readBytes(response.body)) {
    idle.allow(answerSilenceMs, 'the rest of an answer');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
