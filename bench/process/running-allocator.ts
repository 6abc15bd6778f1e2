import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Program } from '../../test/fixtures/program.js';
import { freePort } from '../../test/fixtures/free-port.js';
import { cpuMsOf, peakMiBOf, rssMiBOf } from '../measure/process-cost.js';
import { get, type Answer, type RequestOptions } from '../measure/request.js';

/** A program and its first arguments; the flags that all allocators share come after them. */
export type Command = readonly string[];

/** Ours as built in `dist`, or in TARGET_ALLOCATOR_DIST. */
export function ourCommand(nodeFlags: readonly string[] = []): Command {
  const dist = process.env['TARGET_ALLOCATOR_DIST'] ?? 'dist';
  return [process.execPath, ...nodeFlags, resolve(dist, 'main.js')];
}

export interface Start {
  readonly command: Command;
  readonly configFile: string;
  /** @default none: a path where no file is */
  readonly kubeconfig?: string;
  readonly env?: NodeJS.ProcessEnv;
}

const listenWithinMs = 60_000;
const assignedTargets = /^opentelemetry_allocator_targets_per_collector(?:\{.*\})? (\S+)$/gm;

/** Any allocator with the flags of the Go one, measured from outside. */
export class RunningAllocator {
  readonly #startedMs = performance.now();

  private constructor(
    private readonly program: Program,
    readonly port: number,
  ) {}

  static async start({
    command,
    configFile,
    kubeconfig,
    env = {},
  }: Start): Promise<RunningAllocator> {
    const [file = '', ...args] = command;
    const port = await freePort();
    const flags = [
      ...['--config-file', configFile, '--listen-addr', `127.0.0.1:${String(port)}`],
      ...['--kubeconfig-path', kubeconfig ?? `${configFile}.no-kubeconfig`],
    ];
    const program = new Program(file, [...args, ...flags], { env: { ...process.env, ...env } });
    return new RunningAllocator(program, port);
  }

  /** Since the start, in milliseconds. */
  get ageMs(): number {
    return performance.now() - this.#startedMs;
  }

  get cpuMs(): Promise<number> {
    return cpuMsOf(this.program.pid);
  }

  get rssMiB(): Promise<number> {
    return rssMiBOf(this.program.pid);
  }

  get peakMiB(): Promise<number> {
    return peakMiBOf(this.program.pid);
  }

  get(path: string, options?: RequestOptions): Promise<Answer> {
    return get(this.port, path, options);
  }

  signal(signal: NodeJS.Signals): void {
    this.program.signal(signal);
  }

  /** @throws Error with its output when it ends before, or does not listen in a minute. */
  async listening(): Promise<void> {
    await this.#until('listens', 5, async () => (await this.get('/livez')).status === 200);
  }

  /** Waits until so many targets are assigned, as its own gauge says: cheap, and the same for every allocator. */
  async serving(targets: number, withinMs = 600_000): Promise<void> {
    const isServing = async (): Promise<boolean> => {
      const { body } = await this.get('/metrics');
      let total = 0;
      for (const [, count] of body.toString('utf8').matchAll(assignedTargets))
        total += Number(count);
      return total >= targets;
    };
    await this.#until(`serves ${String(targets)} targets`, 200, isServing, withinMs);
  }

  /** Asks it to end, and kills it when it does not. */
  async stop(): Promise<void> {
    await this.program.stop();
  }

  async #until(
    what: string,
    everyMs: number,
    probe: () => Promise<boolean>,
    withinMs = listenWithinMs,
  ): Promise<void> {
    const deadlineMs = performance.now() + withinMs;
    while (!(await probe().catch(() => false))) {
      if (!this.program.isRunning || performance.now() > deadlineMs) {
        throw new Error(`the allocator never ${what}:\n${this.program.output.slice(-2_000)}`);
      }
      await sleep(everyMs);
    }
  }
}
