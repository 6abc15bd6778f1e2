import { malformed, packed, unpacked } from './packed-file.js';

/** The file that says which others belong to the snapshot. When it was last written or touched the snapshot was current. */
export const HEAD_FILE = 'snapshot.gz';

/** A job of the snapshot. */
export interface ListedJob {
  readonly file: string;
  /** When its targets were current, in epoch milliseconds, if that was before this snapshot: they were stale already. */
  readonly asOfMs: number | undefined;
}

export interface SnapshotHead {
  /** Where the collectors are: those of another namespace are others, whatever they are called. */
  readonly namespace: string;
  /** What the owners were chosen by, and how their targets are named. */
  readonly strategy: string;
  /** All that there were, also those without targets. */
  readonly collectors: readonly string[];
  readonly jobs: readonly ListedJob[];
}

export function encodeHead({
  namespace,
  strategy,
  collectors,
  jobs,
}: SnapshotHead): readonly Uint8Array[] {
  const listed = jobs.map(({ file, asOfMs }) => [file, asOfMs ?? null]);
  return packed({ namespace, strategy, collectors, jobs: listed });
}

/** @throws KeptFileRefusedError */
export function decodeHead(bytes: Uint8Array): SnapshotHead {
  const { namespace, strategy, collectors, jobs } = unpacked(bytes).head;
  if (typeof namespace !== 'string' || typeof strategy !== 'string') throw malformed();
  if (!isListOfTexts(collectors) || !Array.isArray(jobs)) throw malformed();
  const listed: readonly unknown[] = jobs;
  return { namespace, strategy, collectors, jobs: listed.map(listedJob) };
}

function listedJob(value: unknown): ListedJob {
  if (!Array.isArray(value)) throw malformed();
  const pair: readonly unknown[] = value;
  const [file, asOfMs] = pair;
  // Nothing outside of the directory can be named.
  if (typeof file !== 'string' || !/^job-[0-9a-f]{32}\.gz$/.test(file)) throw malformed();
  if (asOfMs !== null && typeof asOfMs !== 'number') throw malformed();
  return { file, asOfMs: asOfMs ?? undefined };
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
