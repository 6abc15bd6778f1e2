import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { withFileLock } from '../fixtures/file-lock.js';

const run = promisify(execFile);
const sources = import.meta.dirname;

/**
 * The Go programs: this folder's answers with Prometheus' code, that of `custom-resources` with prometheus-operator's, of
 * which the most take longer to build than all else.
 */
export type OracleProgram = '.' | 'custom-resources';

/** A running Go program: answers with the code that defines what is right. */
export interface Oracle {
  /** The answers to the inputs, in their order, from the handler of that name. */
  ask<Output>(name: string, inputs: readonly unknown[]): Promise<Output[]>;
  stop(): void;
}

async function sourceHash(program: OracleProgram): Promise<string> {
  const hash = createHash('sha256').update(program);
  const goFiles = async (folder: string): Promise<string[]> =>
    (await readdir(join(sources, folder)))
      .filter((name) => name.endsWith('.go'))
      .sort()
      .map((name) => join(folder, name));
  const names = ['go.mod', 'go.sum', ...(await goFiles('protocol')), ...(await goFiles(program))];
  for (const name of names) hash.update(name).update(await readFile(join(sources, name)));
  return hash.digest('hex').slice(0, 16);
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Builds a program once for each state of its sources; the answer is its path. */
async function build(source: OracleProgram): Promise<string> {
  const cache =
    process.env['TARGET_ALLOCATOR_CACHE'] ?? join(homedir(), '.cache', 'target-allocator');
  const folder = join(cache, 'oracle', await sourceHash(source));
  const program = join(folder, 'oracle');
  await mkdir(folder, { recursive: true });
  // Suites that run side by side wait for one build instead of each making its own.
  await withFileLock(`${program}.lock`, async () => {
    if (await isThere(program)) return;
    const unfinished = `${program}.${String(process.pid)}`;
    await run('go', ['build', '-o', unfinished, '.'], {
      cwd: join(sources, source),
      maxBuffer: 1 << 24,
    });
    await rename(unfinished, program);
  });
  return program;
}

interface Answer {
  readonly outputs?: unknown[];
  readonly error?: string;
}
interface Awaited {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: Error) => void;
}

class OracleProcess implements Oracle {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #awaited: Awaited[] = [];
  #said = '';

  constructor(program: string) {
    this.#child = spawn(program);
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
    this.#child.on('exit', (code) => {
      const reason = new Error(`the oracle ended with ${String(code)}: ${this.#said}`);
      for (const awaited of this.#awaited.splice(0)) awaited.reject(reason);
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#awaited.shift()?.resolve(JSON.parse(line) as Answer);
    });
  }

  async ask<Output>(name: string, inputs: readonly unknown[]): Promise<Output[]> {
    const outputs: Output[] = [];
    const batch = 500;
    for (let at = 0; at < inputs.length; at += batch) {
      const answer = await this.#askBatch({ name, inputs: inputs.slice(at, at + batch) });
      if (answer.outputs === undefined) throw new Error(`the oracle says: ${answer.error ?? ''}`);
      outputs.push(...(answer.outputs as Output[]));
    }
    return outputs;
  }

  #askBatch(request: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#awaited.push({ resolve, reject });
      this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  stop(): void {
    this.#child.stdin.end();
  }
}

const hasGo = await run('go', ['version']).then(
  () => true,
  () => false,
);

/**
 * A suite that compares with the oracle. Without Go it is skipped with a line that says so; in CI it fails.
 *
 * @param suite Gets a function that gives the running oracle, for use inside tests and hooks.
 * @param programs Which of the Go programs are asked; `oracle()` gives the first of them.
 */
export function describeWithOracle(
  name: string,
  suite: (oracle: (program?: OracleProgram) => Oracle) => void,
  programs: readonly [OracleProgram, ...OracleProgram[]] = ['.'],
): void {
  if (!hasGo && process.env['CI'] === 'true') {
    it(`${name} needs Go`, () => {
      throw new Error('Go is missing: install Go 1.26, the oracle in test/oracle is built with it');
    });
    return;
  }
  if (!hasGo) console.warn(`skipped for want of Go: ${name}`);
  describe.skipIf(!hasGo)(name, () => {
    const running = new Map<OracleProgram, Oracle>();
    beforeAll(async () => {
      for (const program of programs) running.set(program, new OracleProcess(await build(program)));
    });
    afterAll(() => {
      for (const oracle of running.values()) oracle.stop();
    });
    suite((program = programs[0]) => {
      const oracle = running.get(program);
      if (oracle === undefined) throw new Error('the oracle is asked before it has started');
      return oracle;
    });
  });
}

/** The seed of this run: `ORACLE_SEED` to repeat a run, else a fresh one. It is printed. */
export function seedOfRun(suite: string): number {
  const given = process.env['ORACLE_SEED'];
  const seed =
    given === undefined || given === '' ? Math.floor(Math.random() * 2 ** 31) : Number(given);
  console.info(`${suite}: ORACLE_SEED=${String(seed)}`);
  return seed;
}
