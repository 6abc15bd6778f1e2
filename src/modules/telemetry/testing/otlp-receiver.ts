import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { Server } from 'node:net';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

import { readExportRequest, type ReceivedMetric } from './otlp-message.js';

/** One export that arrived. */
export interface ReceivedExport {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly metrics: readonly ReceivedMetric[];
}

/** A real OTLP endpoint on this machine. */
export interface OtlpReceiver {
  /** `127.0.0.1:port` */
  readonly address: string;
  readonly exports: readonly ReceivedExport[];
  /** Whether exports are accepted. @default true */
  isAccepting: boolean;
  /** Resolves as soon as so many exports have arrived, refused ones included. */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

class Receiver implements OtlpReceiver {
  readonly exports: ReceivedExport[] = [];
  isAccepting = true;
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();

  constructor(server: Server) {
    this.#server = server;
  }

  get address(): string {
    const address = this.#server.address();
    return `127.0.0.1:${String(typeof address === 'object' ? address?.port : address)}`;
  }

  add(received: ReceivedExport): void {
    this.exports.push(received);
    for (const check of this.#waiting) check();
  }

  received(count: number): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (this.exports.length < count) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  async close(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }
}

async function bodyOf(stream: Readable, headers: IncomingHttpHeaders): Promise<Buffer> {
  const body = await buffer(stream);
  return headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

async function listening(server: Server): Promise<Receiver> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new Receiver(server);
}

/** An OTLP receiver over HTTP with protobuf. */
export async function startHttpReceiver(): Promise<OtlpReceiver> {
  const server = createHttpServer((request, response) => {
    void bodyOf(request, request.headers).then((body) => {
      response.setHeader('connection', 'close');
      response.writeHead(receiver.isAccepting ? 200 : 400).end();
      const { url: path, headers } = request;
      receiver.add({ path, headers, metrics: readExportRequest(body) });
    });
  });
  const receiver = await listening(server);
  return receiver;
}

/** An OTLP receiver over gRPC, without TLS: HTTP/2, each message behind a flag and its length. */
export async function startGrpcReceiver(): Promise<OtlpReceiver> {
  const server = createHttp2Server();
  server.on('stream', (stream, headers) => {
    void bodyOf(stream, headers).then((body) => {
      const status = receiver.isAccepting ? '0' : '3';
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc' },
        { waitForTrailers: true },
      );
      stream.on('wantTrailers', () => {
        stream.sendTrailers({ 'grpc-status': status });
      });
      stream.end(Buffer.alloc(5));
      const message = body.subarray(5);
      receiver.add({ path: headers[':path'], headers, metrics: readExportRequest(message) });
    });
  });
  const receiver = await listening(server);
  return receiver;
}
