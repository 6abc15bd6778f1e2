import { createServer, type Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allocatorCommand } from '../../fixtures/allocator.js';
import { Program } from '../../fixtures/program.js';
import { yamlText } from '../../fixtures/yaml-text.js';

describe('commands that judge a configuration', () => {
  let folder: string;
  let server: Server;
  let requests = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'commands-'));
    server = createServer((_, response) => {
      requests += 1;
      response.end('[]');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  async function run(...args: readonly string[]): Promise<{ code: number | string; text: string }> {
    const { command, args: first } = allocatorCommand();
    const program = new Program(command, [...first, ...args]);
    return { code: await program.exited, text: program.output };
  }
  async function configFile(scrapeInterval: string): Promise<string> {
    const file = join(folder, 'targetallocator.yaml');
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${String(port)}/`;
    const jobs = [
      { job_name: 'web', scrape_interval: scrapeInterval, http_sd_configs: [{ url }] },
      { job_name: 'nodes', kubernetes_sd_configs: [{ role: 'node' }] },
    ];
    const config = {
      collector_namespace: 'observability',
      collector_selector: {},
      config: { scrape_configs: jobs },
    };
    await writeFile(file, yamlText(config));
    return file;
  }

  it('answer with 0 for what can be started with, and connect to nothing', async () => {
    const file = await configFile('30s');
    const check = await run('check', file, '--kubeconfig-path=/nowhere', '--format=json');
    expect(check.code).toBe(0);
    expect(JSON.parse(check.text)).toEqual({ ok: true, file, problems: [] });
    const rbac = await run('rbac', '--config-file', file, '--service-account=obs/ta');
    expect(rbac.code).toBe(0);
    expect(rbac.text).toContain('# role node of job "nodes":');
    expect(requests).toBe(0);
  });

  it('answer with 1 and the problems for what cannot', async () => {
    const file = await configFile('1x');
    const check = await run('check', file, '--format=json');
    expect(check.code).toBe(1);
    expect(JSON.parse(check.text)).toMatchObject({
      ok: false,
      problems: [
        { severity: 'error', path: 'config.scrape_configs[0].scrape_interval', value: '1x' },
      ],
    });
    const rbac = await run('rbac', '--config-file', file);
    expect(rbac.code).toBe(1);
    expect(rbac.text).toContain('config.scrape_configs[0].scrape_interval');
    const missing = await run('check', join(folder, 'missing.yaml'));
    expect([missing.code, missing.text]).toEqual([1, expect.stringContaining('missing.yaml')]);
  });

  it('answer with 2 for arguments that mean nothing', async () => {
    const unknown = await run('chekc', 'a.yaml');
    expect(unknown.code).toBe(2);
    expect(unknown.text).toContain('did you mean check?');
    expect((await run('check', 'a', 'b')).code).toBe(2);
  });

  it('tell which versions run', async () => {
    const { code, text } = await run('version', '--format=json');
    expect(code).toBe(0);
    expect(JSON.parse(text)).toMatchObject({ node: process.versions.node, plugin_api: '1.0' });
  });
});
