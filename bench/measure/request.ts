import { request as httpRequest, type Agent, type IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As it came over the wire, compressed or not. */
  readonly body: Buffer;
  /** From the request to the last byte, in milliseconds. */
  readonly ms: number;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Keeps connections; without one each request has its own. */
  readonly agent?: Agent;
}

/** One GET to 127.0.0.1. */
export function get(port: number, path: string, options: RequestOptions = {}): Promise<Answer> {
  const { headers = {}, agent = false } = options;
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const sent = httpRequest({ host: '127.0.0.1', port, path, headers, agent, timeout: 60_000 });
    sent.once('timeout', () => sent.destroy(new Error(`no answer to ${path} in a minute`)));
    sent.once('error', reject);
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const { statusCode: status = 0, headers: received } = response;
        const ms = performance.now() - startMs;
        resolve({ status, headers: received, body: Buffer.concat(chunks), ms });
      });
    });
    sent.end();
  });
}
