import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IssuedCertificate } from '../../fixtures/test-authority.js';

export const requestText = 'GET /scrape_configs HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

export function showing(
  ...[certificate, ...chain]: readonly IssuedCertificate[]
): readonly string[] {
  if (certificate === undefined) return [];
  const { certFile, keyFile } = certificate;
  const [intermediate] = chain;
  const added = intermediate === undefined ? [] : ['-cert_chain', intermediate.certFile];
  return ['-cert', certFile, '-key', keyFile, ...added];
}

/** OpenSSL's own client, which does what polite ones do not. Everything that it prints is kept. */
export class SClient {
  readonly #child: ChildProcessWithoutNullStreams;
  #output = '';

  constructor(port: number, args: readonly string[]) {
    const address = ['-connect', `127.0.0.1:${String(port)}`];
    this.#child = spawn('openssl', ['s_client', ...address, ...args]);
    const keep = (data: Buffer): void => {
      this.#output += data.toString('utf8');
    };
    this.#child.stdout.on('data', keep);
    this.#child.stderr.on('data', keep);
    // The server may be gone before all is written.
    this.#child.stdin.on('error', () => {});
  }

  get output(): string {
    return this.#output;
  }

  write(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Waits for the end of the connection. */
  async end(): Promise<string> {
    const isOver = this.#child.exitCode !== null;
    const closed = isOver ? Promise.resolve() : once(this.#child, 'close');
    await Promise.race([closed, sleep(10_000, undefined, { ref: false })]);
    this.#child.kill('SIGKILL');
    return this.#output;
  }

  static async ask(port: number, args: readonly string[], text = requestText): Promise<string> {
    // What is written is sent as it is; otherwise a line with R or Q is a command.
    const client = new SClient(port, ['-ign_eof', ...args]);
    client.write(text);
    return client.end();
  }
}
