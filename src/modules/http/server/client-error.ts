import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorText, TEXT_TYPE } from './error-text.js';

/**
 * Answers what Node's parser refuses before there is a request. Node's own answers (400, 408, 431) have empty bodies, and
 * collectors drop all jobs on an empty body.
 */
export function answerClientError(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.end(rawAnswer(statusOf(error.code)));
  socket.once('finish', () => socket.destroy());
}

function statusOf(code: string | undefined): number {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 408;
    case 'HPE_HEADER_OVERFLOW':
      return 431;
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return 413;
    default:
      return 400;
  }
}

function rawAnswer(status: number): string {
  const body = errorText(status);
  const head = [
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${TEXT_TYPE}`,
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
