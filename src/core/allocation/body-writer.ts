import type { Layout } from '../target/layout.js';
import { blockOf, type Block, type StoredGroup } from '../target/stored-group.js';
import type { JobAllocation } from './job-allocation.js';
import { NONE } from './job-records.js';

const encoder = new TextEncoder();
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const LAST_ASCII = 0x7e;
/** A UTF-16 unit takes at most this many bytes: as an escape (`\\u001f`), or as UTF-8. */
const BYTES_PER_UNIT = 6;
/** Looked at between two yields, about 50 µs of work. */
const SLOTS_PER_STEP = 64;
/** Longer pieces of bytes are copied by the platform, shorter ones faster by a loop. */
const LONG = 64;

const OPEN_TARGET = encoder.encode('{"targets":[');
const OPEN_LABELS = encoder.encode('],"labels":{');
const CLOSE_TARGET = encoder.encode('}}');
const EMPTY_TEXT = encoder.encode('""');

/** Some slots of a group. */
interface Run {
  readonly written: number;
  readonly seen: number;
  /** The slot to go on with, or {@link NONE}. */
  readonly next: number;
}

/** Writes HTTP_SD answers as UTF-8 JSON. One writer's buffer serves all answers, one after the other. */
export class BodyWriter {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  /** `"name":`, with a comma before all but the first, by layout. */
  readonly #names = new WeakMap<Layout, readonly Uint8Array[]>();

  /** The targets of a job that the collector of this index has, in the order of groups and rows. */
  write(job: JobAllocation, owner: number): Uint8Array {
    const work = this.writeInSteps(job, owner);
    let step = work.next();
    while (step.done !== true) step = work.next();
    return step.value;
  }

  /** As {@link write}. Between its steps neither the job may change nor the writer write something else. */
  *writeInSteps(job: JobAllocation, owner: number): Generator<void, Uint8Array> {
    this.#length = 0;
    this.#byte(0x5b);
    let left = job.parts.get(owner)?.targets ?? 0;
    let seen = 0;
    for (const { current } of job.groups.ordered()) {
      if (left === 0) break;
      let slot = current?.head ?? NONE;
      while (slot !== NONE) {
        const run = this.#writeRun(job, owner, slot);
        left -= run.written;
        seen += run.seen;
        slot = run.next;
        if (seen >= SLOTS_PER_STEP) {
          seen = 0;
          yield;
        }
      }
    }
    this.#byte(0x5d);
    const body = this.#bytes.slice(0, this.#length);
    if (this.#bytes.length > 1 << 24) this.#bytes = new Uint8Array(1 << 16);
    return body;
  }

  /** Those of the slots of one group, from one of them on, that the owner has. */
  #writeRun({ records, groups }: JobAllocation, owner: number, from: number): Run {
    const { stored } = groups.get(records.group[from] ?? 0);
    let written = 0;
    let seen = 0;
    let block: Block | undefined;
    const owners = records.owner;
    let slot = from;
    for (; slot !== NONE && seen < SLOTS_PER_STEP; slot = records.next[slot] ?? NONE) {
      seen++;
      if (owners[slot] !== owner) continue;
      const row = records.row[slot] ?? 0;
      if (block === undefined || row >= block.first + block.rows) block = blockOf(stored, row);
      if (this.#length > 1) this.#byte(0x2c);
      this.#writeTarget(stored, block, row);
      written++;
    }
    return { written, seen, next: slot };
  }

  #writeTarget(group: StoredGroup, block: Block, row: number): void {
    const { layout, values } = block;
    const { sources, addressColumn } = layout;
    const start = (row - block.first) * layout.targetNames.names.length;
    const names = this.#namesOf(layout);
    this.#piece(OPEN_TARGET);
    if (addressColumn < 0) this.#piece(EMPTY_TEXT);
    else this.#text(values[start + addressColumn] ?? '');
    this.#piece(OPEN_LABELS);
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      if (name === undefined) continue;
      const source = sources[i] ?? 0;
      this.#piece(name);
      this.#text((source < 0 ? group.groupValues[~source] : values[start + source]) ?? '');
    }
    this.#piece(CLOSE_TARGET);
  }

  #namesOf(layout: Layout): readonly Uint8Array[] {
    let names = this.#names.get(layout);
    if (names === undefined) {
      names = layout.names.map((name, i) =>
        encoder.encode(`${i === 0 ? '' : ','}${JSON.stringify(name)}:`),
      );
      this.#names.set(layout, names);
    }
    return names;
  }

  /** Writes a JSON string: plain ASCII directly, everything else by way of the platform's JSON. */
  #text(value: string): void {
    const { length } = value;
    this.#reserve(length * BYTES_PER_UNIT + 2);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = QUOTE;
    for (let i = 0; i < length; i++) {
      const unit = value.charCodeAt(i);
      if (unit < FIRST_PRINTABLE || unit > LAST_ASCII || unit === QUOTE || unit === BACKSLASH) {
        this.#length += encoder.encodeInto(
          JSON.stringify(value),
          bytes.subarray(this.#length),
        ).written;
        return;
      }
      bytes[at++] = unit;
    }
    bytes[at++] = QUOTE;
    this.#length = at;
  }

  #piece(piece: Uint8Array): void {
    const { length } = piece;
    this.#reserve(length);
    const bytes = this.#bytes;
    if (length > LONG) bytes.set(piece, this.#length);
    else for (let i = 0, at = this.#length; i < length; i++, at++) bytes[at] = piece[i] ?? 0;
    this.#length += length;
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
