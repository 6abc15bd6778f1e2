import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from '../fastify-types.js';
import { chooseEncoding, type Encoding } from './accept-encoding.js';
import type { Body } from './body.js';
import { CompressedBodies } from './compressed-bodies.js';
import { inPieces, MAX_WHOLE_BYTES } from './in-pieces.js';
import { entityTag, isKnownToClient } from './if-none-match.js';

/** A smaller body fits one packet as it is. */
const MIN_COMPRESSED_BYTES = 1024;

/** Sends kept bodies: 304 to who has them, compressed to who can read it, always the same bytes to all. */
@Injectable()
export class BodySender {
  readonly #compressed = new CompressedBodies();

  async send(request: FastifyRequest, reply: FastifyReply, body: Body): Promise<void> {
    const encoding = encodingFor(request, body);
    void reply
      .header('ETag', entityTag(body.tag, encoding))
      // Both routes that turn into pages and those that do not: a cache must not mix them up.
      .header('Vary', 'Accept, Accept-Encoding')
      .header('Cache-Control', 'no-cache');
    if (isKnownToClient(request.headers['if-none-match'], body.tag)) {
      void reply.status(304).send();
      return;
    }
    const { bytes } = body;
    const sent = encoding === 'identity' ? bytes : await this.#compressed.get(bytes, encoding);
    if (encoding !== 'identity') void reply.header('Content-Encoding', encoding);
    // Not awaited: Fastify's reply resolves when the client has taken all of it, which may be never.
    void reply
      .header('Content-Type', body.contentType)
      .header('Content-Length', sent.length)
      .send(sent.length > MAX_WHOLE_BYTES ? inPieces(sent) : asBuffer(sent));
  }
}

function encodingFor(request: FastifyRequest, { bytes }: Body): Encoding {
  if (bytes.length < MIN_COMPRESSED_BYTES) return 'identity';
  const header = request.headers['accept-encoding'];
  return chooseEncoding(typeof header === 'string' ? header : undefined);
}

/** The same memory: a hundred slow readers of one answer wait for one buffer. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
