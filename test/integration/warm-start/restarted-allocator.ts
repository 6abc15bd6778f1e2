import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Allocator, type AllocatorOptions } from '../../fixtures/allocator.js';
import { eventually } from '../../fixtures/eventually.js';
import { type LocalServer, serveHttp } from '../../fixtures/sd-server.js';

export const collectors = ['c-0', 'c-1', 'c-2'];

/** An SD server that is told what to answer, each time in another order, and that can be away. */
export class Machines {
  addresses: readonly string[] = [];
  isAway = false;
  #turns = 0;

  private constructor(private readonly server: LocalServer | undefined) {}

  static async serve(addresses: readonly string[]): Promise<Machines> {
    const answer: { of?: Machines } = {};
    const server = await serveHttp((request, response) => {
      const machines = answer.of;
      if (machines === undefined || machines.isAway) {
        request.socket.destroy();
        return;
      }
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(machines.#groups()));
    });
    const machines = new Machines(server);
    answer.of = machines;
    machines.addresses = addresses;
    return machines;
  }

  get url(): string {
    return `${this.server?.origin ?? ''}/`;
  }

  async close(): Promise<void> {
    await this.server?.close();
  }

  #groups(): readonly object[] {
    const start = ++this.#turns % Math.max(1, this.addresses.length);
    const turned = [...this.addresses.slice(start), ...this.addresses.slice(0, start)];
    return turned.map((address) => ({ targets: [address], labels: { rack: 'r' } }));
  }
}

/** An allocator whose state directory outlives its processes. */
export class RestartedAllocator {
  private constructor(
    readonly allocator: Allocator,
    readonly directory: string,
  ) {}

  static async start(
    options: Omit<AllocatorOptions, 'flags'>,
    flags: readonly string[] = [],
  ): Promise<RestartedAllocator> {
    const directory = await mkdtemp(join(tmpdir(), 'warm-'));
    const allocator = await Allocator.start({
      ...options,
      flags: ['--state-dir', join(directory, 'state'), ...flags],
    });
    return new RestartedAllocator(allocator, join(directory, 'state'));
  }

  /** Waits until the jobs' present state is in the directory. */
  async untilKept(...addresses: readonly string[]): Promise<void> {
    await eventually('the state is kept', async () => {
      const text = await this.kept();
      return (
        (text.includes('"strategy"') && addresses.every((one) => text.includes(one))) || undefined
      );
    });
  }

  /** All bytes of the directory, unpacked. */
  async kept(): Promise<string> {
    const texts: string[] = [];
    for (const name of await readdir(this.directory).catch(() => [])) {
      if (name.endsWith('.gz')) texts.push(gunzipSync(await readFile(this.file(name))).toString());
    }
    return texts.join('\n');
  }

  async files(pattern: RegExp): Promise<readonly string[]> {
    return (await readdir(this.directory)).filter((name) => pattern.test(name));
  }

  file(name: string): string {
    return join(this.directory, name);
  }

  /** As a crash of the machine's memory would: nothing is said goodbye to. */
  async crashAndRestart(): Promise<void> {
    await this.allocator.program.kill();
    await this.restart();
  }

  async restart(): Promise<void> {
    this.allocator.restart();
    await eventually('it answers', async () => {
      const { status } = await this.allocator.get('/livez');
      return status === 200 || undefined;
    });
  }

  /** What collectors ask for. */
  async answers(job: string): Promise<readonly string[]> {
    const paths = [
      '/scrape_configs',
      '/jobs',
      `/jobs/${job}/targets`,
      ...collectors.map((collector) => `/jobs/${job}/targets?collector_id=${collector}`),
    ];
    return Promise.all(paths.map(async (path) => (await this.allocator.get(path)).text));
  }

  /** The addresses of each collector. */
  async owners(job: string): Promise<Readonly<Record<string, readonly string[]>>> {
    const owners: Record<string, readonly string[]> = {};
    for (const collector of collectors) {
      const path = `/jobs/${job}/targets?collector_id=${collector}`;
      const groups = (await this.allocator.getJson(path)) as { targets: string[] }[];
      owners[collector] = groups.flatMap(({ targets }) => targets).sort();
    }
    return owners;
  }

  async stop(): Promise<void> {
    await this.allocator.stop();
    await rm(join(this.directory, '..'), { recursive: true, force: true });
  }
}
