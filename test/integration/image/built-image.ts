import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { inject } from 'vitest';
import { allocatorCommand } from '../../fixtures/allocator.js';
import { withFileLock } from '../../fixtures/file-lock.js';
import { Program } from '../../fixtures/program.js';

const tools = resolve(import.meta.dirname, '../../../deploy/image');
/** How build-rootfs.mjs says that the machine lacks what the base is made of. */
const baseUnavailable = 3;

export interface ImageReport {
  readonly config: {
    readonly User: string;
    readonly Env: readonly string[];
    readonly Entrypoint: readonly string[];
    readonly ExposedPorts: Readonly<Record<string, unknown>>;
    readonly StopSignal: string;
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly compressedBytes: { readonly base: number; readonly app: number };
}

export interface RunOptions {
  /** Of the image's own program. */
  readonly args: readonly string[];
  /** Another program of the image. */
  readonly entrypoint?: string;
  readonly env?: readonly string[];
  /** `from:to`, read-only without `:rw`. */
  readonly mounts?: readonly string[];
  readonly isRootWritable?: boolean;
}

/** Makes the image in a folder. Says in one line why not, where this machine cannot. */
async function build(folder: string): Promise<string | undefined> {
  const unfinished = `${folder}.${String(process.pid)}`;
  const dist = dirname(allocatorCommand().args[0] ?? 'dist/main.js');
  const script = join(tools, 'build-rootfs.mjs');
  const building = new Program(process.execPath, [script, unfinished, `--built=${dist}`]);
  const code = await building.exited;
  if (code === 0) {
    await rename(unfinished, folder);
    return undefined;
  }
  await rm(unfinished, { recursive: true, force: true });
  const line = building.output.trim().split('\n').at(-1) ?? '';
  if (code === baseUnavailable) return line;
  throw new Error(`the image could not be made: ${String(code)}\n${building.output}`);
}

/** The image, made of the build under test, as a file system that can be run. The suites of a run share one. */
export class BuiltImage {
  private constructor(
    private readonly folder: string,
    readonly report: ImageReport,
  ) {}

  /** Says in one line why not, where this machine cannot make or run one. */
  static async make(): Promise<BuiltImage | string> {
    const folder = join(inject('runFolder'), 'image');
    const unavailable = await withFileLock(`${folder}.lock`, async () =>
      existsSync(folder) ? undefined : build(folder),
    );
    if (unavailable !== undefined) return unavailable;
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as ImageReport;
    const image = new BuiltImage(folder, report);
    const probe = image.start({ entrypoint: report.config.Entrypoint[0] ?? '', args: ['-e', ''] });
    await probe.exited;
    const [refusal] = /^bwrap: .*$/m.exec(probe.output) ?? [];
    return refusal ?? image;
  }

  get rootfs(): string {
    return join(this.folder, 'rootfs');
  }

  readJson(path: string): Promise<unknown> {
    return readFile(join(this.rootfs, path), 'utf8').then((text) => JSON.parse(text) as unknown);
  }

  /** Comes with the image, so that every machine runs it with the same one. */
  get bwrap(): string {
    return join(this.folder, 'bwrap');
  }

  /** The command that runs it. */
  command({
    args,
    entrypoint,
    env = [],
    mounts = [],
    isRootWritable = false,
  }: RunOptions): string[] {
    return [
      ...[process.execPath, join(tools, 'run-rootfs.mjs'), this.folder],
      ...mounts.flatMap((mount) => ['--mount', mount]),
      ...env.flatMap((pair) => ['--env', pair]),
      ...(entrypoint === undefined ? [] : ['--entrypoint', entrypoint]),
      ...(isRootWritable ? ['--writable-root'] : []),
      ...['--', ...args],
    ];
  }

  start(options: RunOptions): Program {
    const [command = '', ...args] = this.command(options);
    return new Program(command, args);
  }

  /** Runs it to its end and gives its output. @throws Error with the output when it fails. */
  async run(options: RunOptions): Promise<string> {
    const program = this.start(options);
    const code = await program.exited;
    if (code === 0) return program.output;
    throw new Error(`${options.args.join(' ')}: ${String(code)}\n${program.output}`);
  }

  /** Runs a script with the image's Node, and gives what it printed as JSON. */
  async evaluate(script: string, options: Partial<RunOptions> = {}): Promise<unknown> {
    const entrypoint = this.report.config.Entrypoint[0] ?? '';
    return JSON.parse(await this.run({ ...options, entrypoint, args: ['-e', script] }));
  }
}
