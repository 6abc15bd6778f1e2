import { isRecord } from '../../../core/document/is-record.js';
import type { DecidedTargets } from '../../../core/allocation/decisions.js';
import { portableIdentityVersion } from '../../../core/allocation/portable-identity.js';
import { DecisionsAnswerError } from '../replication.errors.js';

/**
 * The answer to a follower, as lines of JSON: one `begin`; for each job one `job` and then its `part`s; one `end`, which
 * an answer that was cut off lacks.
 */
export type DecisionLine = BeginLine | JobLine | PartLine | EndLine;

export interface BeginLine {
  readonly kind: 'begin';
  /** The process whose decisions these are. */
  readonly epoch: string;
  /** What to ask for next: what comes after it. */
  readonly generation: number;
  /** Everything that is decided; otherwise what has changed. */
  readonly isWhole: boolean;
}
export interface JobLine {
  readonly kind: 'job';
  readonly job: string;
  /** Every collector that has targets of the job, and how many. */
  readonly collectors: ReadonlyMap<string, number>;
}
/** Targets of the last job, of one collector; a large part comes in several lines. */
export interface PartLine extends DecidedTargets {
  readonly kind: 'part';
  readonly collector: string;
}
export interface EndLine {
  readonly kind: 'end';
  /** How many jobs the answer told of. */
  readonly jobs: number;
}

/** Another one for each incompatible change of what stands in the lines, the hashes of targets included. */
const format = `1.${String(portableIdentityVersion)}`;
/** In one line: a fraction of a millisecond on either side. */
export const mostTargetsPerLine = 8_192;
const bytesPerTarget = 8;

export function writeDecisionLine(line: DecisionLine): string {
  return `${JSON.stringify(writable(line))}\n`;
}

function writable(line: DecisionLine): unknown {
  switch (line.kind) {
    case 'begin':
      return { format, epoch: line.epoch, generation: line.generation, whole: line.isWhole };
    case 'job':
      return { job: line.job, collectors: [...line.collectors] };
    case 'part':
      return { collector: line.collector, targets: columnsText(line) };
    case 'end':
      return { end: line.jobs };
  }
}

/** Base64 of the upper and the lower half of each hash, little-endian, target by target. */
function columnsText({ high, low }: DecidedTargets): string {
  const bytes = Buffer.allocUnsafe(high.length * bytesPerTarget);
  for (let i = 0; i < high.length; i++) {
    bytes.writeInt32LE(high[i] ?? 0, i * bytesPerTarget);
    bytes.writeInt32LE(low[i] ?? 0, i * bytesPerTarget + 4);
  }
  return bytes.toString('base64');
}

/** @throws DecisionsAnswerError */
export function readDecisionLine(text: string): DecisionLine {
  const line = parsed(text);
  if (typeof line['job'] === 'string') {
    return { kind: 'job', job: line['job'], collectors: readCollectors(line['collectors']) };
  }
  if (typeof line['collector'] === 'string') {
    return { kind: 'part', collector: line['collector'], ...readColumns(line['targets']) };
  }
  if (isCount(line['end'])) return { kind: 'end', jobs: line['end'] };
  return readBegin(line);
}

function readBegin(line: Readonly<Record<string, unknown>>): BeginLine {
  const { format: theirs, epoch, generation, whole } = line;
  if (theirs !== format) {
    throw new DecisionsAnswerError(
      `its format is ${typeof theirs === 'string' ? theirs : 'not said'}, this replica reads ${format}`,
    );
  }
  if (typeof epoch !== 'string' || !isCount(generation) || typeof whole !== 'boolean') {
    throw new DecisionsAnswerError('its first line is not whole');
  }
  return { kind: 'begin', epoch, generation, isWhole: whole };
}

function readCollectors(value: unknown): ReadonlyMap<string, number> {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [undefined];
  return new Map(
    entries.map((entry) => {
      const pair: readonly unknown[] = Array.isArray(entry) ? entry : [];
      const [name, targets] = pair;
      if (typeof name === 'string' && isCount(targets)) return [name, targets];
      throw new DecisionsAnswerError('a job without a list of its collectors');
    }),
  );
}

function readColumns(value: unknown): DecidedTargets {
  const bytes = Buffer.from(typeof value === 'string' ? value : '', 'base64');
  const targets = bytes.length / bytesPerTarget;
  if (targets === 0 || !Number.isInteger(targets) || targets > mostTargetsPerLine) {
    throw new DecisionsAnswerError('a part is no list of hashes');
  }
  const high = new Int32Array(targets);
  const low = new Int32Array(targets);
  for (let i = 0; i < targets; i++) {
    high[i] = bytes.readInt32LE(i * bytesPerTarget);
    low[i] = bytes.readInt32LE(i * bytesPerTarget + 4);
  }
  return { high, low };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch (cause) {
    throw new DecisionsAnswerError('a line is no JSON', { cause });
  }
  throw new DecisionsAnswerError('a line is no object');
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
