import { createHash } from 'node:crypto';
import type { DecidedTargets } from '../../core/allocation/decisions.js';
import { isRecord } from '../../core/document/is-record.js';
import { malformed, packed, unpacked } from './packed-file.js';
import { KeptFileRefusedError } from './warm-start.errors.js';

/** What one collector was given of a job. */
export interface KeptPart {
  readonly collector: string;
  /** The answer as it was served. */
  readonly body: Uint8Array;
  /** The same targets by their portable identities; none for strategies that remember nothing. */
  readonly owned: DecidedTargets;
}

/** What is kept of one job, in a file of its own: a change of a job costs that job. */
export interface KeptJob {
  readonly job: string;
  /** Its entry in the answer of `/scrape_configs`, `"<job>":{…}`, with secrets masked. */
  readonly scrapeConfig: Uint8Array;
  /** Something of it is masked. */
  readonly hasSecrets: boolean;
  /** Only collectors that have targets; `undefined`: its targets were never known. */
  readonly parts: readonly KeptPart[] | undefined;
}

const BYTES_PER_HALF = 4;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** Names in the directory must say nothing but which job it is, whatever the job is called. */
export function fileOfJob(job: string): string {
  return `job-${createHash('sha256').update(job).digest('hex').slice(0, 32)}.gz`;
}

export function encodeJob({
  job,
  scrapeConfig,
  hasSecrets,
  parts,
}: KeptJob): readonly Uint8Array[] {
  const listed = parts?.map(({ collector, body, owned }) => {
    return { collector, bytes: body.length, owned: owned.high.length };
  });
  const head = { job, hasSecrets, scrapeConfigBytes: scrapeConfig.length, parts: listed ?? null };
  const payload = (parts ?? []).flatMap(({ body, owned }) => [
    body,
    halvesToBytes(owned.high),
    halvesToBytes(owned.low),
  ]);
  return packed(head, [scrapeConfig, ...payload]);
}

/** @throws KeptFileRefusedError whatever the bytes are, unless they are those of a job. */
export function decodeJob(bytes: Uint8Array): KeptJob {
  const { head, payload } = unpacked(bytes);
  const { job, hasSecrets, scrapeConfigBytes, parts } = head;
  if (typeof job !== 'string' || typeof hasSecrets !== 'boolean') throw malformed();
  const reader = new PayloadReader(payload);
  const scrapeConfig = reader.take(scrapeConfigBytes);
  if (!isEntryOf(job, scrapeConfig)) throw malformed();
  if (parts !== null && !Array.isArray(parts)) throw malformed();
  const listed: readonly unknown[] | undefined = parts ?? undefined;
  const kept = listed?.map((part) => readPart(part, reader));
  reader.end();
  return { job, scrapeConfig, hasSecrets, parts: kept };
}

function readPart(part: unknown, reader: PayloadReader): KeptPart {
  if (!isRecord(part)) throw malformed();
  const { collector, bytes, owned } = part;
  if (typeof collector !== 'string') throw malformed();
  const body = reader.take(bytes);
  if (body[0] !== OPEN_LIST || body.at(-1) !== CLOSE_LIST) throw malformed();
  const high = reader.takeHalves(owned);
  const low = reader.takeHalves(owned);
  return { collector, body, owned: { high, low } };
}

/** Hands out a payload piece by piece. */
class PayloadReader {
  #at = 0;

  constructor(private readonly payload: Uint8Array) {}

  take(length: unknown): Uint8Array {
    if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) {
      throw malformed();
    }
    const end = this.#at + length;
    if (end > this.payload.length) throw new KeptFileRefusedError('it is cut short');
    const piece = this.payload.subarray(this.#at, end);
    this.#at = end;
    return piece;
  }

  takeHalves(count: unknown): Int32Array {
    const bytes = this.take(typeof count === 'number' ? count * BYTES_PER_HALF : undefined);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Int32Array.from({ length: bytes.length / BYTES_PER_HALF }, (_, i) =>
      view.getInt32(i * BYTES_PER_HALF, true),
    );
  }

  end(): void {
    if (this.#at !== this.payload.length) throw malformed();
  }
}

function halvesToBytes(halves: Int32Array): Uint8Array {
  const bytes = new Uint8Array(halves.length * BYTES_PER_HALF);
  const view = new DataView(bytes.buffer);
  halves.forEach((half, i) => {
    view.setInt32(i * BYTES_PER_HALF, half, true);
  });
  return bytes;
}

/** It becomes part of an answer of all jobs, so that it must be one entry and nothing else. */
function isEntryOf(job: string, entry: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(`{${Buffer.from(entry).toString()}}`);
    return isRecord(value) && Object.keys(value).length === 1 && Object.hasOwn(value, job);
  } catch {
    return false;
  }
}
