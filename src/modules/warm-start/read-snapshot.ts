import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from '../../plugin-api/index.js';
import { BadFiles } from './bad-files.js';
import { decodeJob, fileOfJob } from './kept-job.js';
import type { RememberedJob, Snapshot } from './remembered-state.js';
import { decodeHead, HEAD_FILE, type ListedJob, type SnapshotHead } from './snapshot-head.js';
import type { StateDirectory } from './state-directory.js';
import { KeptFileRefusedError } from './warm-start.errors.js';

/** As much as rendered answers take at most. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_HEAD_BYTES = 16 * 1024 * 1024;
/** As many as Node's pool has threads. */
const READERS = 4;

/** Whose snapshot can be used. */
export interface SnapshotUser {
  /** Where the collectors are. */
  readonly namespace: string;
  /** Owners that another strategy has chosen are not taken over. */
  readonly strategy: string;
}

/** Reads what an earlier life has left; each file that cannot be used costs what is in it, and a line. */
export async function readSnapshot(
  directory: StateDirectory,
  user: SnapshotUser,
  logger: Logger,
): Promise<Snapshot | undefined> {
  const asOfMs = await directory.modifiedMs(HEAD_FILE);
  if (asOfMs === undefined) return undefined;
  const bad = new BadFiles(logger);
  const head = await bad.unlessBad(HEAD_FILE, () => readHead(directory, user));
  if (head === undefined) return undefined;
  const reader = new JobFiles(directory, bad);
  const read = await reader.read(head);
  bad.report();
  const hasOwners = head.strategy === user.strategy;
  const jobs = read.map(({ job, asOfMs: own }): RememberedJob => {
    return { ...job, asOfMs: own ?? asOfMs, hasOwners };
  });
  return { asOfMs, collectors: head.collectors, jobs, isWhole: jobs.length === head.jobs.length };
}

async function readHead(
  directory: StateDirectory,
  { namespace }: SnapshotUser,
): Promise<SnapshotHead> {
  const head = decodeHead(await directory.read(HEAD_FILE, MAX_HEAD_BYTES));
  if (head.namespace === namespace) return head;
  const other = JSON.stringify(head.namespace);
  throw new KeptFileRefusedError(`it is of collectors in another namespace, ${other}`);
}

interface ReadJob extends Pick<ListedJob, 'asOfMs'> {
  readonly job: ReturnType<typeof decodeJob>;
}

/** Reads files side by side, and no more of them than there is room for. */
class JobFiles {
  #bytesLeft = MAX_BYTES;

  constructor(
    private readonly directory: StateDirectory,
    private readonly bad: BadFiles,
  ) {}

  async read({ jobs }: SnapshotHead): Promise<readonly ReadJob[]> {
    const read: ReadJob[] = [];
    const listed = jobs.values();
    const readSome = async (): Promise<void> => {
      for (const { file, asOfMs } of listed) {
        const job = await this.bad.unlessBad(file, () => this.#readOne(file));
        if (job !== undefined) read.push({ job, asOfMs });
        await nextTurn();
      }
    };
    await Promise.all(Array.from({ length: READERS }, readSome));
    return read;
  }

  async #readOne(file: string): Promise<ReadJob['job']> {
    const bytes = await this.directory.read(file, this.#bytesLeft);
    if (bytes.length > this.#bytesLeft) throw new KeptFileRefusedError('it is too large');
    this.#bytesLeft -= bytes.length;
    const job = decodeJob(bytes);
    if (fileOfJob(job.job) === file) return job;
    throw new KeptFileRefusedError('it is of another job');
  }
}
