import { isUtf8 } from 'node:buffer';
import { LoopShare } from '../../plugin-api/index.js';
import { refusalError } from './api-status.js';
import type { ApiClient, ApiResponse } from './api-connection.js';
import type { IdleTimer } from './idle-timer.js';
import { ApiProtocolError } from './kubernetes.errors.js';
import { ListSplitter } from './list-splitter.js';
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
  accept?: string,
): Promise<ApiResponse> {
  idle.allow(answerSilenceMs, `GET ${path}`);
  const response = await client.request({
    path,
    ...(accept === undefined ? {} : { headers: { accept } }),
    signal: idle.signal,
  });
  if (response.status === 200) return response;
  const text = (await readBody(response, idle)).toString('utf8');
  throw refusalError(response.status, text, response.headers['retry-after']);
}

/** Reads a JSON answer whole. */
export async function readJson(
  client: ApiClient,
  path: string,
  idle: IdleTimer,
  accept?: string,
): Promise<unknown> {
  const response = await openAnswer(client, path, idle, accept);
  return parseJson(await readBody(response, idle), path);
}

/**
 * Reads a JSON list object by object as it arrives.
 *
 * @param onItem Takes each object, also those of a list that turns out not to be whole.
 * @returns The list without its objects.
 */
export async function readJsonList(
  response: ApiResponse,
  path: string,
  idle: IdleTimer,
  onItem: (object: unknown) => void,
): Promise<unknown> {
  const splitter = new ListSplitter();
  const loop = new LoopShare();
  for await (const chunk of readBytes(response.body)) {
    idle.allow(answerSilenceMs, 'the rest of an answer');
    for (const item of splitter.push(chunk)) {
      onItem(parseJson(item, path));
      if (loop.isUsedUp) await loop.giveWay();
    }
    await loop.giveWay();
  }
  return parseJson(splitter.envelope(), path);
}

function parseJson(body: Buffer, path: string): unknown {
  if (!isUtf8(body)) throw new ApiProtocolError(`the answer to GET ${path} is not UTF-8`);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new ApiProtocolError(`the answer to GET ${path} is not JSON`, { cause });
  }
}

/** Reads an answer to its end. */
export async function readBody(response: ApiResponse, idle: IdleTimer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readBytes(response.body)) {
    idle.allow(answerSilenceMs, 'the rest of an answer');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
