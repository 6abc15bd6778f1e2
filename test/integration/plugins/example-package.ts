import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Allocator } from '../../fixtures/allocator.js';
import { withFileLock } from '../../fixtures/file-lock.js';

const run = promisify(execFile);
const repository = resolve(import.meta.dirname, '../../..');
const script = join(repository, 'scripts/pack-examples.mjs');

/** An example plugin as a user has it: installed from its tarball into a folder that was empty before. */
export class ExamplePackage {
  private constructor(
    /** Of the folder, for `--plugin-dir`. */
    readonly folder: string,
    /** What the package calls itself. */
    readonly name: string,
  ) {}

  /** @param example Its folder in `examples/plugins`. */
  static async install(example: string): Promise<ExamplePackage> {
    const folder = await mkdtemp(join(tmpdir(), 'example-'));
    const tarball = await pack(example, folder);
    // Without a file of its own npm would install into a folder above.
    await writeFile(join(folder, 'package.json'), '{"private": true}');
    // Offline and without peers: a plugin needs nothing but the allocator that loads it.
    const flags = [
      '--offline',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      '--legacy-peer-deps',
    ];
    await run('npm', ['install', ...flags, tarball], { cwd: folder });
    const written = await readFile(join(folder, 'package.json'), 'utf8');
    const { dependencies } = JSON.parse(written) as { readonly dependencies: object };
    const [name = ''] = Object.keys(dependencies);
    return new ExamplePackage(folder, name);
  }

  get flags(): readonly string[] {
    return ['--plugin-dir', this.folder];
  }

  /** A file that the package brings. */
  read(path: string): Promise<string> {
    return readFile(join(this.folder, 'node_modules', this.name, path), 'utf8');
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

/** Compiled where it is, so that only one test at a time may do it. */
function pack(example: string, folder: string): Promise<string> {
  const id = createHash('sha256').update(repository).digest('hex').slice(0, 12);
  const lock = join(tmpdir(), `target-allocator-example-${example}-${id}.lock`);
  return withFileLock(lock, async () => {
    const { stdout } = await run(process.execPath, [script, '--to', folder, example]);
    return stdout.trim();
  });
}

interface Group {
  readonly targets: readonly string[];
}

/** The addresses of a job by the collectors that have them, as collectors are told; sorted. */
export async function placesOf(
  allocator: Allocator,
  job: string,
  collectors: readonly string[],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const places = collectors.map(async (collector) => {
    const path = `/jobs/${encodeURIComponent(job)}/targets?collector_id=${collector}`;
    const groups = (await allocator.getJson(path)) as readonly Group[];
    return [collector, groups.flatMap(({ targets }) => targets).toSorted()] as const;
  });
  return Object.fromEntries(await Promise.all(places));
}
