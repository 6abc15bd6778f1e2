import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../plugin-api/index.js';
import { CLOCK } from '../../telemetry/index.js';
import type { FastifyReply, FastifyRequest } from '../fastify-types.js';
import { defaultServerLimits } from '../server/server-limits.js';
import { chooseEncoding, type Encoding } from './accept-encoding.js';
import type { Body } from './body.js';
import { CompressedBodies } from './compressed-bodies.js';
import { entityTag, isKnownToClient } from './if-none-match.js';
import { staleHeaders } from './stale-headers.js';
import { inPieces, PLAIN_PIECES, TLS_PIECES } from './in-pieces.js';

/** A smaller body fits one packet as it is. */
const MIN_COMPRESSED_BYTES = 1024;

/** Names and values in turn, as Node writes them without looking at each. */
const commonHeaders: readonly string[] = [
  'x-content-type-options',
  'nosniff',
  'cache-control',
  'no-cache',
  // Of routes that turn into pages and of those that do not: a cache must not mix them up.
  'vary',
  'Accept, Accept-Encoding',
];

/**
 * Sends kept bodies: 304 to who has them, compressed to who can read it, always the same bytes to all. Writes to Node's
 * response itself, so that an answer is the same whether a route gives it or the short way of `PolledRoutes`.
 */
@Injectable()
export class BodySender {
  readonly #compressed = new CompressedBodies();
  readonly #clock: Clock;

  constructor(@Inject(CLOCK) clock: Clock) {
    this.#clock = clock;
  }

  /** Sends what a route answers with; resolves when the answer has begun. */
  async send(request: FastifyRequest, reply: FastifyReply, body: Body): Promise<void> {
    const encoding = encodingFor(request.raw, body);
    const isKnown = isKnownToClient(request.headers['if-none-match'], body.tag);
    if (encoding !== 'identity' && !isKnown) await this.#compressed.get(body.bytes, encoding);
    // What hooks have to say to all clients.
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    reply.hijack();
    this.sendNow(request.raw, reply.raw, body);
  }

  /** Sends what needs nothing done before. @returns `false`: it was not sent, because it has to be compressed first. */
  sendNow(request: IncomingMessage, response: ServerResponse, body: Body): boolean {
    const encoding = encodingFor(request, body);
    const headers = [...commonHeaders, 'etag', entityTag(body.tag, encoding)];
    if (body.asOfMs !== undefined)
      headers.push(...staleHeaders(body.asOfMs, this.#clock.epochMs()));
    if (isKnownToClient(request.headers['if-none-match'], body.tag)) {
      response.writeHead(304, headers).end();
      return true;
    }
    const bytes = this.#bytesIn(encoding, body);
    if (bytes === undefined) return false;
    if (encoding !== 'identity') headers.push('content-encoding', encoding);
    headers.push('content-type', body.contentType, 'content-length', String(bytes.length));
    response.writeHead(200, headers);
    if (request.method === 'HEAD') response.end();
    else this.#write(request.socket, response, bytes);
    return true;
  }

  #bytesIn(encoding: Encoding, { bytes }: Body): Uint8Array | undefined {
    return encoding === 'identity' ? bytes : this.#compressed.made(bytes, encoding);
  }

  #write(socket: Socket, response: ServerResponse, bytes: Uint8Array): void {
    const { pieceBytes, maxWholeBytes } = socket instanceof TLSSocket ? TLS_PIECES : PLAIN_PIECES;
    if (bytes.length <= maxWholeBytes) {
      response.end(bytes);
      return;
    }
    // What the listener allows, see configureServer.
    const deadlineMs = socket.timeout ?? defaultServerLimits.writeIdleTimeoutMs;
    // A client that goes away ends the stream, and a stream that gives up its client ends the connection: no more is to be done.
    pipeline(
      inPieces(bytes, { pieceBytes, deadlineMs, clock: this.#clock }),
      response,
      () => undefined,
    );
  }
}

function encodingFor(request: IncomingMessage, { bytes }: Body): Encoding {
  if (bytes.length < MIN_COMPRESSED_BYTES) return 'identity';
  const header = request.headers['accept-encoding'];
  return chooseEncoding(typeof header === 'string' ? header : undefined);
}
