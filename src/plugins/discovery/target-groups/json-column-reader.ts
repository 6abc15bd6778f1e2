import { ColumnGroup } from '../../../plugin-api/index.js';
import type { JsonReader } from './json-reader.js';
import { MAX_GROUP_BYTES } from './json-group-scanner.js';
import { NamePaths, type NameStep } from './name-path.js';
import { QuotedName } from './quoted-name.js';
import { TextPool, type TextUse } from './text-pool.js';
import { sourceOf, type Origin } from './written-group.js';

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** 1 for bytes that stand for themselves in a text: ASCII without control characters, quote and backslash. */
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x80 && byte !== quote && byte !== 0x5c ? 1 : 0,
);

/** A group is read in one piece here; one of more targets is left to who stops in between, and looks at the memory. */
const MOST_TARGETS = 10_000;

const targetsField = QuotedName.of('targets');
const labelsField = QuotedName.of('labels');
/** Of all input: addresses seldom repeat. */
const addressUse: TextUse = { tries: 0, hits: 0 };

/**
 * Reads target groups from JSON into columns: no object for a group's labels, no string for a text that is known already,
 * and names are compared with those of the group before. Whatever is not as nearly everybody writes it, is left to the
 * exact reader.
 */
export class JsonColumnReader {
  /** Used again for each group. */
  readonly #values: string[] = [];
  readonly #addresses: string[] = [];
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #pool: TextPool;
  readonly #json: JsonReader;
  readonly #paths: NamePaths;
  readonly #origin: Origin;
  #at = 0;
  #end = 0;
  /** What has been read of the present group; `undefined`: nothing of that kind. */
  #targets: readonly string[] | undefined;
  #names: NameStep | undefined;

  constructor(json: JsonReader, origin: Origin) {
    const { bytes } = json;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#pool = new TextPool(bytes);
    this.#json = json;
    this.#paths = NamePaths.of(origin.label);
    this.#origin = origin;
  }

  /**
   * Reads the group that begins where the reader is, and goes behind it.
   *
   * @returns `undefined`: read it exactly; nothing has happened.
   * @throws TargetGroupsError for a text that is wrong, as the exact reader does.
   */
  read(index: number): ColumnGroup | undefined {
    const start = this.#json.at;
    this.#at = start;
    this.#end = Math.min(this.#bytes.length, start + MAX_GROUP_BYTES);
    this.#targets = undefined;
    this.#names = undefined;
    const group = this.#group(index);
    this.#json.at = group === undefined ? start : this.#at;
    return group;
  }

  #group(index: number): ColumnGroup | undefined {
    if (!this.#takes(openBrace)) return undefined;
    do if (!this.#field()) return undefined;
    while (this.#takes(comma));
    if (!this.#takes(closeBrace) || this.#targets === undefined) return undefined;
    return this.#made(index, this.#targets, this.#names ?? this.#paths.start);
  }

  /** @returns Whether it is one that a group has, and for the first time. */
  #field(): boolean {
    if (this.#targets === undefined && this.#takesName(targetsField)) {
      if (this.#takes(colon)) this.#targets = this.#readTargets();
      return this.#targets !== undefined;
    }
    if (this.#names === undefined && this.#takesName(labelsField)) {
      if (this.#takes(colon)) this.#names = this.#readLabels();
      return this.#names !== undefined;
    }
    return false;
  }

  #made(index: number, addresses: readonly string[], labels: NameStep): ColumnGroup {
    const { names, positions, originPosition } = labels.names(this.#origin.label);
    const values = new Array<string>(names.length);
    for (let i = 0; i < positions.length; i++) {
      values[positions[i] ?? 0] = this.#values[i] ?? '';
    }
    values[originPosition] = this.#origin.name;
    return new ColumnGroup(sourceOf(this.#origin, index), names, values, addresses);
  }

  #readTargets(): readonly string[] | undefined {
    const addresses = this.#addresses;
    let count = 0;
    if (!this.#takes(openBracket)) return undefined;
    if (this.#takes(closeBracket)) return [];
    do {
      const address = this.#text(addressUse);
      if (address === undefined || count === MOST_TARGETS) return undefined;
      addresses[count++] = address;
    } while (this.#takes(comma));
    return this.#takes(closeBracket) ? addresses.slice(0, count) : undefined;
  }

  /** Puts the values into `#values`, in the order in which they are written. @returns The last name. */
  #readLabels(): NameStep | undefined {
    let step = this.#paths.start;
    if (!this.#takes(openBrace)) return undefined;
    if (this.#takes(closeBrace)) return step;
    let count = 0;
    do {
      const next = this.#name(step);
      if (next === undefined || !this.#takes(colon)) return undefined;
      const value = this.#text(next);
      if (value === undefined) return undefined;
      this.#values[count++] = value;
      step = next;
    } while (this.#takes(comma));
    return this.#takes(closeBrace) ? step : undefined;
  }

  #name(before: NameStep): NameStep | undefined {
    const { likely } = before;
    if (likely !== undefined && this.#takesName(likely.quoted)) return likely;
    const name = this.#exactText();
    return name === undefined || name === '' ? undefined : this.#paths.follow(before, name);
  }

  /** Goes behind this very name, if it is what follows. */
  #takesName(name: QuotedName | undefined): boolean {
    const start = this.#skipBlanks();
    if (name?.isAt(this.#view, start) !== true) return false;
    this.#at = start + name.length;
    return true;
  }

  #text(use: TextUse): string | undefined {
    const bytes = this.#bytes;
    const end = this.#end;
    const start = this.#skipBlanks() + 1;
    if (bytes[start - 1] !== quote) return undefined;
    let at = start;
    let hash = 0;
    for (; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (isPlain[byte] === 0) break;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    if (at >= end) return undefined;
    if (bytes[at] !== quote) return this.#exactText();
    this.#at = at + 1;
    return this.#pool.text(start, at, hash, use);
  }

  /** Any text, escapes and characters beyond ASCII included. */
  #exactText(): string | undefined {
    const json = this.#json;
    if (this.#bytes[this.#skipBlanks()] !== quote || this.#at >= this.#end) return undefined;
    json.at = this.#at;
    const text = json.text();
    this.#at = json.at;
    return text;
  }

  #takes(byte: number): boolean {
    if (this.#bytes[this.#skipBlanks()] !== byte) return false;
    this.#at++;
    return true;
  }

  #skipBlanks(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    for (let byte = bytes[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;)
      byte = bytes[++at];
    this.#at = at;
    return at;
  }
}
