import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Allocator } from '../../fixtures/allocator.js';
import { eventually } from '../../fixtures/eventually.js';

const given = process.env['HISTORY_SEED'];
const seed =
  given === undefined || given === '' ? Math.floor(Math.random() * 2 ** 31) : Number(given);

const labels = fc.dictionary(
  fc.constantFrom('env', 'team', '__meta_node', '__tmp_x', 'é'),
  fc.constantFrom('', 'a', 'b', 'drop', '"\\é\u{1f600}'),
  { maxKeys: 3 },
);
/** Groups of addresses that meet again in other groups and files; a few are larger than a slice of work. */
const targetGroup = fc
  .record({
    from: fc.nat(40),
    count: fc.oneof(
      { weight: 5, arbitrary: fc.nat(8) },
      { weight: 1, arbitrary: fc.integer({ min: 500, max: 800 }) },
    ),
    node: fc.nat(3),
    labels,
  })
  .map(({ from, count, node, labels: own }) => ({
    targets: Array.from(
      { length: count },
      (_, i) => `10.0.0.${String((from + i) % 250)}:${String(i)}`,
    ),
    labels: { ...own, __meta_kubernetes_pod_node_name: `n-${String(node)}` },
  }));
const relabelConfigs = fc.subarray([
  { action: 'drop', source_labels: ['env'], regex: 'drop' },
  { action: 'labelmap', regex: '__meta_(.*)' },
  { source_labels: ['__address__'], regex: '([^:]+).*', target_label: 'host' },
  { action: 'labeldrop', regex: 'team' },
]);
const job: fc.Arbitrary<FileJob> = fc.record({
  job_name: fc.constantFrom('one', 'two', 'é/three'),
  files: fc.subarray(['a.json', 'b.json', '*.json'], { minLength: 1 }),
  relabel_configs: relabelConfigs,
});

interface FileJob {
  readonly job_name: string;
  readonly files: readonly string[];
  readonly relabel_configs: readonly object[];
}
type Change =
  | { readonly type: 'file'; readonly name: string; readonly groups: readonly object[] }
  | { readonly type: 'remove'; readonly name: string }
  | { readonly type: 'collectors'; readonly numbers: readonly number[] }
  | { readonly type: 'jobs'; readonly jobs: readonly FileJob[] };

const file = fc.constantFrom('a.json', 'b.json', 'c.json');
const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('file' as const),
      name: file,
      groups: fc.array(targetGroup, { maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('remove' as const), name: file }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('collectors' as const),
      numbers: fc.uniqueArray(fc.nat(4), { minLength: 1 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('jobs' as const),
      jobs: fc.uniqueArray(job, { minLength: 1, selector: ({ job_name }) => job_name }),
    }),
  },
);

/** Files that processes read, and what their configuration is now. */
class World {
  #jobs: readonly FileJob[] = [{ job_name: 'one', files: ['*.json'], relabel_configs: [] }];

  constructor(
    readonly folder: string,
    readonly strategy: string,
  ) {}

  get config(): object {
    return {
      collector_source: { type: 'file', path: join(this.folder, 'collectors.yaml') },
      allocation_strategy: this.strategy,
      filter_strategy: 'relabel-config',
      config: {
        scrape_configs: this.#jobs.map(({ files, ...rest }) => ({
          ...rest,
          file_sd_configs: [{ files: files.map((name) => join(this.folder, 'targets', name)) }],
        })),
      },
    };
  }

  async begin(): Promise<void> {
    await mkdir(join(this.folder, 'targets'));
    await this.apply({ type: 'collectors', numbers: [0, 1] });
  }

  /** Makes a change where a process looks; a new configuration is to be written by the caller. */
  async apply(change: Change): Promise<void> {
    if (change.type === 'jobs') this.#jobs = change.jobs;
    else if (change.type === 'remove') {
      await rm(join(this.folder, 'targets', change.name), { force: true });
    } else if (change.type === 'file') {
      await this.#write(join('targets', change.name), change.groups);
    } else {
      const name = (n: number): string => `c-${String(n)}`;
      const list = change.numbers.map((n) => ({ name: name(n), node: `n-${String(n)}` }));
      await this.#write('collectors.yaml', list);
    }
  }

  /** In one step, so that no process sees half of it. */
  async #write(name: string, content: unknown): Promise<void> {
    const path = join(this.folder, name);
    await writeFile(`${path}.new`, JSON.stringify(content));
    await rename(`${path}.new`, path);
  }
}

/** All that a process answers. */
async function answersOf(allocator: Allocator, strategy: string): Promise<readonly string[]> {
  const jobs = await allocator.get('/jobs');
  const configs = await allocator.get('/scrape_configs');
  const answers = [String(jobs.status), jobs.text, configs.text];
  const shared: string[] = [];
  for (const name of Object.keys(JSON.parse(jobs.text) as object)) {
    const path = `/jobs/${encodeURIComponent(name)}/targets`;
    for (let n = 0; n < 5; n++) {
      const { status, text } = await allocator.get(`${path}?collector_id=c-${String(n)}`);
      if (strategy !== 'least-weighted')
        answers.push(`${name} c-${String(n)} ${String(status)} ${text}`);
      else
        for (const target of JSON.parse(text) as object[])
          shared.push(JSON.stringify([name, target]));
    }
  }
  // Where who has a target depends on what was before, every target must be there, and once.
  return [...answers, ...shared.sort()];
}

let folder: string;
let stop: (() => Promise<void>)[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'history-'));
  stop = [];
});
afterEach(async () => {
  for (const each of stop) await each();
  await rm(folder, { recursive: true });
});

async function started(config: object): Promise<Allocator> {
  const allocator = await Allocator.start({ config });
  stop.push(() => allocator.stop());
  await allocator.waitUntilReady();
  return allocator;
}

it.each(['consistent-hashing', 'per-node', 'least-weighted'])(
  'after any history of files and configurations a process answers as one that begins then: %s',
  async (strategy) => {
    console.info(`history: HISTORY_SEED=${String(seed)}`);
    const world = new World(folder, strategy);
    await world.begin();
    const old = await started(world.config);
    const rounds = fc.sample(fc.array(change, { minLength: 4, maxLength: 8 }), {
      seed,
      numRuns: 2,
    });
    for (const changes of rounds) {
      for (const each of changes) {
        await world.apply(each);
        if (each.type === 'jobs') await old.writeConfig(world.config);
        // Some changes meet others that are not worked in yet.
        if (each.type !== 'file') await answersOf(old, strategy);
      }
      const fresh = await started(world.config);
      await eventually('both answer the same', async () => {
        const expected = await answersOf(fresh, strategy);
        expect(expected[0]).toBe('200');
        expect(await answersOf(old, strategy)).toEqual(expected);
        return true;
      });
      await fresh.stop();
    }
  },
  300_000,
);
