import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Allocator } from '../../fixtures/allocator.js';
import { eventually } from '../../fixtures/eventually.js';
import { type LocalServer, serveHttp } from '../../fixtures/sd-server.js';
import { TargetList } from './target-lists.js';

/** Altogether 20,000 targets. */
const sizes = { file: 2_000, http: 1_500, passing: 250 } as const;
const fileLists = 8;
const httpLists = 2;
const passingJobs = 4;
const collectorCount = 10;
/** What changes in a minute: 1 % of the targets, most of them in one file. */
const changes = { file: 160, http: 20 } as const;

/** A job that is there for four minutes only, with a file, a URL and relabelling rules that no job before it had. */
interface PassingJob {
  readonly name: string;
  readonly file: string;
}

const relabelling = [
  { source_labels: ['__meta_node'], regex: 'node-(.+)', target_label: 'node', replacement: '$1' },
  { regex: '__meta_(image|uid)', replacement: 'pod_$1', action: 'labelmap' },
];

interface JobConfig {
  readonly job_name: string;
  readonly [key: string]: unknown;
}

/** What an allocator discovers, and who collects: files, an HTTP server and a configuration that all change. */
export class ChurningWorld {
  readonly #files = lists('file', fileLists, sizes.file);
  readonly #http = lists('http', httpLists, sizes.http);
  #passing: readonly PassingJob[] = [];
  #collectors: readonly string[] = [];
  #minute = 0;
  readonly #folder: string;
  readonly #server: LocalServer;

  private constructor(folder: string, server: LocalServer) {
    this.#folder = folder;
    this.#server = server;
  }

  static async create(): Promise<ChurningWorld> {
    const served = new Map<string, TargetList>();
    const server = await serveHttp((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      response.setHeader('content-type', 'application/json').end(served.get(pathname)?.text);
    });
    const world = new ChurningWorld(await mkdtemp(join(tmpdir(), 'growth-')), server);
    world.#http.forEach((list, n) => served.set(`/${String(n)}`, list));
    await world.#begin();
    return world;
  }

  /** The jobs that collectors ask for. */
  get jobs(): readonly string[] {
    return this.#configs().map(({ job_name: name }) => name);
  }

  get collectors(): readonly string[] {
    return this.#collectors;
  }

  get config(): object {
    return {
      collector_source: { type: 'file', path: this.#path('collectors.json') },
      config: { scrape_configs: this.#configs() },
    };
  }

  /** All that changes within a minute. Resolves when the allocator serves it. */
  async passMinute(allocator: Allocator): Promise<void> {
    this.#minute += 1;
    const n = this.#minute % fileLists;
    const inFile = this.#files[n]?.replace(changes.file) ?? '';
    const inAnswer = this.#http.map((list) => list.replace(changes.http));
    const gone = await this.#replacePassing();
    await this.#write(`file-${String(n)}.json`, this.#files[n]?.text ?? '');
    await this.#replaceCollector();
    await allocator.writeConfig(this.config);

    await jobHas(allocator, `file-${String(n)}`, inFile);
    for (const [i, address] of inAnswer.entries()) {
      await jobHas(allocator, `http-${String(i)}`, address);
    }
    const newest = this.#passing.at(-1)?.name ?? '';
    await jobHas(allocator, newest, newest);
    await jobHas(allocator, newest, `collector_id=${this.#collectors.at(-1) ?? ''}"`);
    if (gone !== undefined) await rm(gone.file);
  }

  async remove(): Promise<void> {
    await this.#server.close();
    await rm(this.#folder, { recursive: true });
  }

  async #begin(): Promise<void> {
    await mkdir(this.#path('passing'));
    for (const [n, list] of this.#files.entries()) {
      await this.#write(`file-${String(n)}.json`, list.text);
    }
    for (let n = 0; n < passingJobs; n++) await this.#addPassing(`first-${String(n)}`);
    this.#collectors = Array.from({ length: collectorCount }, (_, n) => `first-${String(n)}`);
    await this.#writeCollectors();
  }

  /** @returns The job that is gone. */
  async #replacePassing(): Promise<PassingJob | undefined> {
    const [oldest, ...others] = this.#passing;
    this.#passing = others;
    await this.#addPassing(`later-${String(this.#minute)}`);
    return oldest;
  }

  async #addPassing(id: string): Promise<void> {
    const name = `passing-${id}`;
    const file = `passing/${id}.json`;
    await this.#write(file, new TargetList(name, sizes.passing).text);
    this.#passing = [...this.#passing, { name, file: this.#path(file) }];
  }

  async #replaceCollector(): Promise<void> {
    this.#collectors = [...this.#collectors.slice(1), `later-${String(this.#minute)}`];
    await this.#writeCollectors();
  }

  #writeCollectors(): Promise<void> {
    const list = this.#collectors.map((name) => ({ name, node: `node-of-${name}` }));
    return this.#write('collectors.json', JSON.stringify(list));
  }

  #configs(): readonly JobConfig[] {
    return [
      ...this.#files.map((_, n) => ({
        job_name: `file-${String(n)}`,
        relabel_configs: relabelling,
        file_sd_configs: [fileSd(this.#path(`file-${String(n)}.json`))],
      })),
      ...this.#http.map((_, n) => ({
        job_name: `http-${String(n)}`,
        http_sd_configs: [
          { url: `${this.#server.origin}/${String(n)}`, refresh_interval: '500ms' },
        ],
      })),
      ...this.#passing.map((job) => this.#passingConfig(job)),
    ];
  }

  #passingConfig({ name, file }: PassingJob): JobConfig {
    const rules = [
      ...relabelling,
      { source_labels: ['app'], regex: `app-(of|${name}).*`, action: 'keep' },
      { target_label: `job_${name.replaceAll('-', '_')}`, replacement: name },
    ];
    // The server answers each query with the same list; for the allocator each is another provider.
    const url = `${this.#server.origin}/0?for=${name}`;
    return {
      job_name: name,
      relabel_configs: rules,
      file_sd_configs: [fileSd(file)],
      http_sd_configs: [{ url, refresh_interval: '500ms' }],
    };
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  /** Whole or not at all: it may be being read. */
  async #write(name: string, text: string): Promise<void> {
    await writeFile(this.#path(`${name}.new`), text);
    await rename(this.#path(`${name}.new`), this.#path(name));
  }
}

/** Each wait for the next refresh that a change cuts short leaves Node with a timer until then, so that is soon. */
const fileSd = (file: string): object => ({ files: [file], refresh_interval: '5s' });

const lists = (name: string, count: number, targets: number): readonly TargetList[] =>
  Array.from({ length: count }, (_, n) => new TargetList(`${name}-${String(n)}`, targets));

/** Waits until the answers of all collectors for a job contain a text. */
async function jobHas(allocator: Allocator, job: string, text: string): Promise<void> {
  await eventually(`${job} has ${text}`, async () => {
    const answer = await allocator.get(`/jobs/${job}/targets`);
    return answer.status === 200 && answer.text.includes(text) ? true : undefined;
  });
}
