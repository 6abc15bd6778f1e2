import type { Readable } from 'node:stream';
import { LoopShare } from '../../plugin-api/index.js';
import { isRecord } from '../../core/document/is-record.js';
import { ApiProtocolError } from './kubernetes.errors.js';
import { LineSplitter } from './line-splitter.js';
import { readBytes } from './read-bytes.js';

const eventTypes = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR'] as const;
export type WatchEventType = (typeof eventTypes)[number];

export interface WatchEvent {
  readonly type: WatchEventType;
  readonly object: unknown;
}

/**
 * The events of a watch, in the batches that they arrived in. Ends when the server ends the stream; a line that it left
 * unfinished is dropped, its event comes again with the next watch.
 *
 * @throws ApiProtocolError when a line is no watch event: nothing after it can be relied on.
 */
export async function* readWatchEvents(
  body: Readable,
  onBytes: () => void,
): AsyncGenerator<readonly WatchEvent[], void, undefined> {
  const splitter = new LineSplitter();
  const loop = new LoopShare();
  for await (const chunk of readBytes(body)) {
    onBytes();
    const lines = splitter.push(chunk);
    if (lines.length > 0) yield lines.map(parseEvent);
    await loop.giveWay();
  }
}

function parseEvent(line: string): WatchEvent {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (cause) {
    throw new ApiProtocolError('a line of a watch is not JSON', { cause });
  }
  const type = isRecord(event) ? eventTypes.find((known) => known === event['type']) : undefined;
  if (type === undefined || !isRecord(event)) {
    throw new ApiProtocolError('a line of a watch is no watch event');
  }
  return { type, object: event['object'] };
}

/** Whether a bookmark says that all initial events of a WatchList stream have been sent. */
export function endsInitialEvents(bookmark: unknown): boolean {
  if (!isRecord(bookmark) || !isRecord(bookmark['metadata'])) return false;
  const { annotations } = bookmark['metadata'];
  return isRecord(annotations) && annotations['k8s.io/initial-events-end'] === 'true';
}
