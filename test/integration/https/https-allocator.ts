import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { Allocator } from '../../fixtures/allocator.js';
import { eventually } from '../../fixtures/eventually.js';
import { freePort } from '../../fixtures/free-port.js';
import type { IssuedCertificate } from '../../fixtures/test-authority.js';

/** What only verified clients may read. */
export const password = 'correct-horse-battery-staple';

/** An allocator with one job that has a password, and the files of its HTTPS listener. */
export class HttpsAllocator {
  private constructor(
    readonly allocator: Allocator,
    readonly port: number,
    readonly folder: string,
  ) {}

  static async start(
    server: IssuedCertificate,
    ca: string,
    settings: { readonly targets?: readonly string[] } = {},
  ): Promise<HttpsAllocator> {
    const folder = await mkdtemp(join(tmpdir(), 'https-files-'));
    const port = await freePort();
    await writeFile(join(folder, 'tls.crt'), server.cert);
    await writeFile(join(folder, 'tls.key'), server.key);
    await writeFile(join(folder, 'ca.crt'), ca);
    const allocator = await Allocator.start({
      config: {
        collector_source: { type: 'static', collectors: [{ name: 'collector-0' }] },
        https: {
          enabled: true,
          listen_addr: `127.0.0.1:${String(port)}`,
          ca_file_path: join(folder, 'ca.crt'),
          tls_cert_file_path: join(folder, 'tls.crt'),
          tls_key_file_path: join(folder, 'tls.key'),
        },
        config: {
          scrape_configs: [
            {
              job_name: 'a',
              scrape_interval: '1s',
              scrape_timeout: '1s',
              basic_auth: { username: 'u', password },
              static_configs: [{ targets: settings.targets ?? ['h:1'] }],
            },
          ],
        },
      },
    });
    await allocator.waitUntilReady();
    return new HttpsAllocator(allocator, port, folder);
  }

  get url(): string {
    return `https://127.0.0.1:${String(this.port)}`;
  }

  /** Replaces a file by a rename, so that nobody sees half of it. */
  async replace(name: 'tls.crt' | 'tls.key' | 'ca.crt', text: string): Promise<void> {
    const file = join(this.folder, name);
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  }

  async serialOfServer(): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port: this.port, host: '127.0.0.1', rejectUnauthorized: false });
      // The server's certificate is known even to clients that are refused right after.
      socket.once('secureConnect', () => {
        const { serialNumber } = socket.getPeerCertificate();
        socket.destroy();
        resolve(serialNumber);
      });
      socket.once('error', reject);
    });
  }

  /** Waits until the allocator has taken what stands in its files. */
  async waitForLog(pattern: RegExp, count: number): Promise<void> {
    await eventually(`${String(count)} times ${String(pattern)} in the log`, () => {
      const found = this.allocator.program.output.match(new RegExp(pattern, 'g')) ?? [];
      return found.length >= count || undefined;
    });
  }

  /** The value of the series of that name, with that label if one is given; `undefined`: there is none. */
  async metric(name: string, label = ''): Promise<number | undefined> {
    const { text } = await this.allocator.get('/metrics');
    const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`));
    const value = lines
      .find((line) => line.includes(label))
      ?.split(' ')
      .at(-1);
    return value === undefined ? undefined : Number(value);
  }

  async stop(): Promise<void> {
    await this.allocator.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
