import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decodeJob } from '../../../src/modules/warm-start/kept-job.js';
import { eventually } from '../../fixtures/eventually.js';
import { type Assignment, moved } from './replica-world.js';

/** The state directory of one replica, as another process reads it. */
export class KeptDirectory {
  private constructor(private readonly folder: string) {}

  static async make(): Promise<KeptDirectory> {
    return new KeptDirectory(await mkdtemp(join(tmpdir(), 'kept-')));
  }

  get flag(): string {
    return `--state-dir=${this.#state}`;
  }

  async assignment(): Promise<Assignment> {
    const names = await readdir(this.#state);
    const owners = new Map<string, string>();
    for (const name of names.filter((one) => one.startsWith('job-') && one.endsWith('.gz'))) {
      const { parts = [] } = decodeJob(gunzipSync(await readFile(join(this.#state, name))));
      for (const { collector, body } of parts) {
        const groups = JSON.parse(Buffer.from(body).toString()) as readonly { targets: string[] }[];
        for (const target of groups.flatMap(({ targets }) => targets))
          owners.set(target, collector);
      }
    }
    return owners;
  }

  /** Waits until it is what this assignment is. */
  async untilKept(assignment: Assignment): Promise<void> {
    await eventually('the state is kept', async () => {
      const kept = await this.assignment();
      if (kept.size !== assignment.size) throw new Error(`${String(kept.size)} targets are kept`);
      return moved(assignment, kept) === 0 ? true : undefined;
    });
  }

  /** Puts what is in it now aside. */
  async save(): Promise<void> {
    await rm(this.#saved, { recursive: true, force: true });
    await copyFiles(this.#state, this.#saved);
  }

  /** Puts what was saved into the place of what is there; no process may run on it. */
  async restore(): Promise<void> {
    await rm(this.#state, { recursive: true });
    await copyFiles(this.#saved, this.#state);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  get #state(): string {
    return join(this.folder, 'state');
  }

  get #saved(): string {
    return join(this.folder, 'saved');
  }
}

/** With their times, which say how old the state is; without the socket that says whose it is. */
function copyFiles(from: string, to: string): Promise<void> {
  const filter = (path: string): boolean => !path.endsWith('.sock');
  return cp(from, to, { recursive: true, preserveTimestamps: true, filter });
}
