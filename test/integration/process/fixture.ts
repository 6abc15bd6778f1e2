import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { allocatorCommand } from '../../fixtures/allocator.js';
import { freePort } from '../../fixtures/free-port.js';
import { Program } from '../../fixtures/program.js';

/** A configuration that needs no cluster: one job with one target, and collectors by name. */
export function configWith(jobs: readonly string[], more = ''): string {
  const list = jobs.map((job) => `{job_name: ${job}, static_configs: [{targets: ["${job}:1"]}]}`);
  return `collector_source: {type: static, collectors: [{name: c-0}]}
config: {scrape_configs: [${list.join(', ')}]}
${more}`;
}

/** A folder for the configuration, and the programs that a test starts with it. */
export class ProcessFixture {
  readonly #programs: Program[] = [];

  private constructor(
    readonly folder: string,
    readonly port: number,
  ) {}

  static async create(): Promise<ProcessFixture> {
    return new ProcessFixture(await mkdtemp(join(tmpdir(), 'process-')), await freePort());
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  get configFile(): string {
    return join(this.folder, 'targetallocator.yaml');
  }

  write(text: string): Promise<void> {
    return writeFile(this.configFile, text);
  }

  /** Starts the allocator with the folder's configuration. */
  run(flags: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Program {
    return this.runWith([...this.#ownFlags, ...flags], env);
  }

  runWith(args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
    return this.#start([], args, env);
  }

  /** Starts it through another program, which becomes it or passes signals on. */
  runUnder(wrapper: readonly string[], flags: readonly string[] = []): Program {
    return this.#start(wrapper, [...this.#ownFlags, ...flags], {});
  }

  get #ownFlags(): readonly string[] {
    return ['--config-file', this.configFile, `--listen-addr=127.0.0.1:${String(this.port)}`];
  }

  #start(wrapper: readonly string[], args: readonly string[], env: NodeJS.ProcessEnv): Program {
    const allocator = allocatorCommand();
    const [command = '', ...all] = [...wrapper, allocator.command, ...allocator.args, ...args];
    const kept = { PATH: process.env['PATH'], HOME: this.folder };
    const program = new Program(command, all, { env: { ...kept, ...env } });
    this.#programs.push(program);
    return program;
  }

  async remove(): Promise<void> {
    for (const program of this.#programs) if (program.isRunning) await program.kill();
    await rm(this.folder, { recursive: true });
  }
}
