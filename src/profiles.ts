import { mkdir, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';
import { describeError } from './modules/telemetry/index.js';
import type { Clock, Logger } from './plugin-api/index.js';

const profileMs = 10_000;

export interface ProfilesParts {
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Writes profiles of this process on request: what the Go allocator has under /debug/pprof, but for those only who may
 * send it signals and read its files. A heap snapshot shows every text in memory, secrets included, and stops the process
 * while it is written.
 */
export class Profiles {
  #isWriting = false;

  constructor(private readonly parts: ProfilesParts) {}

  /** Writes a CPU profile of the next 10 s, then a heap snapshot. Never rejects; one at a time. */
  async write(directory: string | undefined): Promise<void> {
    const { logger } = this.parts;
    if (directory === undefined) {
      logger.warn('profiles are off; start with --profile-dir to have them');
      return;
    }
    if (this.#isWriting) return;
    this.#isWriting = true;
    try {
      await mkdir(directory, { recursive: true });
      logger.info('profiling', { durationMs: profileMs });
      const stamp = String(this.parts.clock.epochMs());
      const cpuProfile = join(directory, `${stamp}.cpuprofile`);
      await writeFile(cpuProfile, await this.#profileCpu());
      const heapSnapshot = writeHeapSnapshot(join(directory, `${stamp}.heapsnapshot`));
      logger.info('profiles written', { cpuProfile, heapSnapshot });
    } catch (error) {
      logger.error('profiles could not be written', { directory, error: describeError(error) });
    } finally {
      this.#isWriting = false;
    }
  }

  async #profileCpu(): Promise<string> {
    const session = new Session();
    session.connect();
    try {
      await session.post('Profiler.enable');
      await session.post('Profiler.start');
      await this.parts.clock.sleep(profileMs);
      const { profile } = await session.post('Profiler.stop');
      return JSON.stringify(profile);
    } finally {
      session.disconnect();
    }
  }
}
