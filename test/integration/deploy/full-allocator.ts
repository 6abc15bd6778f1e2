import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Allocator } from '../../fixtures/allocator.js';
import { freePort } from '../../fixtures/free-port.js';
import { TestAuthority } from '../../fixtures/test-authority.js';

/**
 * An allocator that has something of everything in use that has metrics of its own: each discovery, HTTPS, replicas, kept
 * answers.
 */
export class FullAllocator {
  private constructor(
    readonly allocator: Allocator,
    private readonly folder: string,
  ) {}

  static async start(): Promise<FullAllocator> {
    const folder = await mkdtemp(join(tmpdir(), 'full-allocator-'));
    const authority = await TestAuthority.create('authority');
    const server = await authority.issue({ name: 'server', usage: 'serverAuth' });
    await Promise.all([
      writeFile(join(folder, 'tls.crt'), server.cert),
      writeFile(join(folder, 'tls.key'), server.key),
      writeFile(join(folder, 'ca.crt'), authority.own.cert),
      writeFile(join(folder, 'targets.json'), '[{"targets": ["h:2"]}]'),
    ]);
    await authority.remove();
    // Nobody answers there, which has its metrics as well.
    const nobody = `http://127.0.0.1:${String(await freePort())}`;
    const jobs = [
      { job_name: 'static', static_configs: [{ targets: ['h:1'] }] },
      { job_name: 'file', file_sd_configs: [{ files: [join(folder, 'targets.json')] }] },
      { job_name: 'http', http_sd_configs: [{ url: nobody }] },
      { job_name: 'pods', kubernetes_sd_configs: [{ role: 'pod', api_server: nobody }] },
    ];
    const https = {
      enabled: true,
      listen_addr: `127.0.0.1:${String(await freePort())}`,
      ca_file_path: join(folder, 'ca.crt'),
      tls_cert_file_path: join(folder, 'tls.crt'),
      tls_key_file_path: join(folder, 'tls.key'),
    };
    const collector_source = { type: 'static', collectors: [{ name: 'collector-0' }] };
    const config = {
      collector_source,
      https,
      allocation_strategy: 'least-weighted',
      config: { scrape_configs: jobs },
    };
    const flags = ['--leader-elect', `--state-dir=${join(folder, 'state')}`];
    return new FullAllocator(await Allocator.start({ config, flags }), folder);
  }

  async metrics(): Promise<string> {
    const { status, text } = await this.allocator.get('/metrics');
    if (status !== 200) throw new Error(`/metrics: ${String(status)} ${text}`);
    return text;
  }

  async stop(): Promise<void> {
    await this.allocator.stop();
    await rm(this.folder, { recursive: true });
  }
}
