import { randomInt } from 'node:crypto';
import { deletionOf, type TargetGroup } from '../../../plugin-api/index.js';
import { BytesHash } from './bytes-hash.js';
import { JsonColumnReader } from './json-column-reader.js';
import { JsonGroupReader } from './json-group-reader.js';
import { endOfGroup, MAX_GROUP_BYTES } from './json-group-scanner.js';
import { JsonReader } from './json-reader.js';
import { ReadingRoom } from './reading-room.js';
import { sourceOf, targetGroup, type Origin } from './written-group.js';

/** The work between two places where the reading may be interrupted, in bytes. */
const PIECE_BYTES = 8_192;
const noNames: readonly string[] = [];
/** Equals no hash, not even itself: a group of which it is not known whether it is the same as before. */
const UNKNOWN = Number.NaN;

/**
 * Reads versions of a list of target groups from JSON as Prometheus does:
 * `[{"targets": ["host:port"], "labels": {"name": "value"}}]`, `null` for none, no other fields. It remembers a hash of
 * each group's text, and reads only those that are new.
 */
export class JsonTargetList {
  readonly #seed = randomInt(2 ** 31);
  #hashes: readonly number[] = [];

  constructor(private readonly origin: Origin) {}

  /**
   * Takes a version. May be interrupted wherever it yields.
   *
   * @returns The groups whose text is another one than before at the same place, and one without targets for each place
   *   that is gone.
   * @throws TargetGroupsError with the byte where it went wrong, HeapRoomError; then the former version counts.
   */
  *update(body: Uint8Array): Generator<undefined, readonly TargetGroup[]> {
    const json = new JsonReader(body);
    const version = new Version(json, this.origin, {
      hash: new BytesHash(json.bytes, this.#seed),
      former: this.#hashes,
    });
    const changed = yield* version.read();
    for (const gone of this.#endFrom(version.hashes.length)) changed.push(gone);
    this.#hashes = version.hashes;
    return changed;
  }

  /** There is no list any more. @returns One group without targets for each that was there. */
  *clear(): Generator<undefined, readonly TargetGroup[]> {
    const gone = [...this.#endFrom(0)];
    this.#hashes = [];
    return gone;
  }

  *#endFrom(first: number): Iterable<TargetGroup> {
    for (let index = first; index < this.#hashes.length; index++) {
      yield deletionOf(sourceOf(this.origin, index));
    }
  }
}

/** Reads one list of target groups; see {@link JsonTargetList}. */
export function parseTargetGroupsJson(
  body: Uint8Array,
  origin: Origin,
): Generator<undefined, readonly TargetGroup[]> {
  return new JsonTargetList(origin).update(body);
}

/** What a list knows of its former versions. */
interface Known {
  readonly hash: BytesHash;
  /** By place, the hash of each group's text. */
  readonly former: readonly number[];
}

/** The work of reading one version. */
class Version {
  /** By place, a hash of each group's text. */
  readonly hashes: number[] = [];
  readonly #changed: TargetGroup[] = [];
  readonly #columns: JsonColumnReader;
  readonly #exact: JsonGroupReader;
  readonly #room: ReadingRoom;

  constructor(
    private readonly json: JsonReader,
    private readonly origin: Origin,
    private readonly known: Known,
  ) {
    this.#columns = new JsonColumnReader(json, origin);
    this.#room = new ReadingRoom(json.bytes.length);
    this.#exact = new JsonGroupReader(json, this.#room);
  }

  *read(): Generator<undefined, TargetGroup[]> {
    const { json } = this;
    if (!json.takeNull()) yield* this.#list();
    json.end();
    this.#room.end();
    return this.#changed;
  }

  *#list(): Generator<undefined> {
    const { json } = this;
    let pauseAt = PIECE_BYTES;
    json.open('[');
    for (let index = 0; json.hasItem(index, ']'); index++) {
      if (json.takeNull()) json.fail('a group is null');
      const start = json.at;
      if (!this.#isKnown(index)) {
        this.#changed.push(this.#readColumns(index) ?? (yield* this.#readExactly(index)));
        this.hashes.push(this.#hashOf(start, json.at));
      }
      if (json.at < pauseAt) continue;
      pauseAt = json.at + PIECE_BYTES;
      this.#room.check(json.at);
      yield;
    }
  }

  /** Goes behind the group if it has the text that was found to be right before at the same place. */
  #isKnown(index: number): boolean {
    const { json, known } = this;
    const former = known.former[index];
    if (former === undefined) return false;
    const end = endOfGroup(json.bytes, json.at);
    if (end < 0 || known.hash.of(json.at, end) !== former) return false;
    this.hashes.push(former);
    json.at = end;
    return true;
  }

  #readColumns(index: number): TargetGroup | undefined {
    const group = this.#columns.read(index);
    if (group !== undefined) this.#room.addGroup(group.names, group.addresses.length);
    return group;
  }

  *#readExactly(index: number): Generator<undefined, TargetGroup> {
    this.#room.addGroup(noNames, 0);
    return targetGroup(yield* this.#exact.read(), this.origin, index);
  }

  #hashOf(start: number, end: number): number {
    return end - start > MAX_GROUP_BYTES ? UNKNOWN : this.known.hash.of(start, end);
  }
}
