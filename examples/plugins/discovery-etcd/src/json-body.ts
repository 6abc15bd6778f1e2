import type { IncomingMessage } from 'node:http';
import { EtcdError } from './etcd.errors.js';

/** More is not kept in memory of one message, in UTF-16 units. */
const LONGEST_MESSAGE = 256 * 1024 * 1024;

/** A body that is one JSON value. */
export async function readAll(body: IncomingMessage): Promise<unknown> {
  let text = '';
  body.setEncoding('utf8');
  for await (const piece of body) text = joined(text, piece);
  return JSON.parse(text);
}

/** A body that has one JSON value on each line, as they come. */
export async function* readLines(body: IncomingMessage): AsyncGenerator<unknown, void> {
  let rest = '';
  body.setEncoding('utf8');
  for await (const piece of body) {
    const lines = joined(rest, piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.trim() !== '') yield JSON.parse(line);
    }
  }
}

function joined(text: string, piece: unknown): string {
  const all = text + String(piece);
  if (all.length > LONGEST_MESSAGE) throw new EtcdError('an answer is too long');
  return all;
}
