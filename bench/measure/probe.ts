import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import type { Figures } from './report.js';

/** Enough for every size that is measured, so that the limit is not in the figures. */
const nodeFlags = ['--expose-gc', '--max-old-space-size=12288'];

/**
 * Code that is measured in a process of its own. It is bundled into one file of JavaScript first: the compiler that runs
 * the benches' TypeScript would be in the figures.
 */
export class Probe {
  private constructor(private readonly folder: string) {}

  static async from(source: URL): Promise<Probe> {
    const folder = await mkdtemp(join(tmpdir(), 'bench-probe-'));
    const bundle = await rolldown({
      input: { probe: source.pathname },
      platform: 'node',
      resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
    });
    await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs' });
    await bundle.close();
    return new Probe(folder);
  }

  /** Runs it once, from the start of a process to its end. @throws when it ends without figures. */
  async run(input: object): Promise<Figures> {
    const child = fork(join(this.folder, 'probe.mjs'), [JSON.stringify(input)], {
      execArgv: nodeFlags,
    });
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    try {
      const ended = once(child, 'exit').then(([code]) => {
        throw new Error(`the probe has ended with ${String(code)}: ${JSON.stringify(input)}`);
      });
      const [figures] = (await Promise.race([once(child, 'message'), ended])) as [Figures];
      return figures;
    } finally {
      kill();
      process.off('exit', kill);
    }
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}
