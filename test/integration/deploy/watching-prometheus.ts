import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../fixtures/free-port.js';
import { Program } from '../../fixtures/program.js';
import { realPart } from '../../fixtures/real-parts/real-parts.js';
import { yamlText } from '../../fixtures/yaml-text.js';
import { rulesFile, rulesFolder } from './rule-files.js';

export const prometheus = realPart('prometheus');

type Labels = Readonly<Record<string, string>>;

/** A real Prometheus with the chart's rules, which scrapes an allocator each second as one of many replicas. */
export class WatchingPrometheus {
  private constructor(
    private readonly program: Program,
    private readonly folder: string,
    private readonly url: string,
  ) {}

  static async start(allocatorPort: number): Promise<WatchingPrometheus> {
    const folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
    const address = `127.0.0.1:${String(await freePort())}`;
    const targets = [`127.0.0.1:${String(allocatorPort)}`];
    const static_configs = [{ targets, labels: { namespace: 'obs', pod: 'ta-0' } }];
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [join(rulesFolder, rulesFile)],
      scrape_configs: [
        { job_name: 'target-allocator', static_configs },
        { job_name: 'prometheus', static_configs: [{ targets: [address] }] },
      ],
    };
    await writeFile(join(folder, 'prometheus.yml'), yamlText(config));
    const program = new Program(prometheus ?? 'prometheus', [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ]);
    return new WatchingPrometheus(program, folder, `http://${address}`);
  }

  /** The labels of the series that an expression selects now. @throws Error with Prometheus' words when it cannot tell. */
  async select(expression: string): Promise<readonly Labels[]> {
    const { result } = (await this.#get(`query?query=${encodeURIComponent(expression)}`)) as {
      readonly result: readonly { readonly metric: Labels }[];
    };
    return result.map(({ metric }) => metric);
  }

  /** How the evaluation of each rule went last: `ok`, `err`, or `unknown` before the first. */
  async ruleHealth(): Promise<readonly string[]> {
    const { groups } = (await this.#get('rules')) as {
      readonly groups: readonly { readonly rules: readonly { readonly health: string }[] }[];
    };
    return groups.flatMap(({ rules }) => rules).map(({ health }) => health);
  }

  async stop(): Promise<void> {
    await this.program.kill();
    await rm(this.folder, { recursive: true });
  }

  async #get(path: string): Promise<unknown> {
    const response = await fetch(`${this.url}/api/v1/${path}`);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${text}`);
    return (JSON.parse(text) as { readonly data: unknown }).data;
  }
}
