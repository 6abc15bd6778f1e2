import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorText, TEXT_TYPE } from './error-text.js';

/** Answers with an error as text and ends the connection: what else was sent on it is not looked at. */
export function refuseConnection(response: ServerResponse, status: number): void {
  const body = errorText(status);
  response.writeHead(status, {
    'Content-Type': TEXT_TYPE,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  });
  response.end(body);
}

/**
 * Whether nobody can tell where the body of a request ends: its last coding is not `chunked`. Node refuses such a request
 * after it was handed out, and not at all when it asks for an upgrade.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-6.3
 */
export function isEndless({ headers }: IncomingMessage): boolean {
  const codings = headers['transfer-encoding'];
  return codings !== undefined && !/(?:^|,)[ \t]*chunked[ \t]*$/i.test(codings);
}
