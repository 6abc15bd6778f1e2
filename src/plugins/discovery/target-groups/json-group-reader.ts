import type { LabelSet } from '../../../plugin-api/index.js';
import type { JsonReader } from './json-reader.js';
import type { ReadingRoom } from './reading-room.js';
import { addressOnly, type WrittenGroup } from './written-group.js';

/** The work between two places where the reader may be interrupted, in bytes. */
const PIECE_BYTES = 16_384;

interface ParsedGroup {
  targets: LabelSet[];
  labels: Map<string, string>;
}

/**
 * Reads target groups from JSON exactly as Go does. It is a parser of its own because Go's differs from JSON.parse in
 * what it takes and makes of it (case of keys, null, repeated keys, broken UTF-8 and surrogates), and because one that
 * can be interrupted does not hold up the event loop. Nothing nests deeper than a group, so that depth is no danger.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/discovery/targetgroup/targetgroup.go
 */
export class JsonGroupReader {
  #pauseAt = PIECE_BYTES;

  constructor(
    private readonly json: JsonReader,
    private readonly room: ReadingRoom,
  ) {}

  /**
   * Reads the group that follows.
   *
   * @throws TargetGroupsError with the byte where it went wrong, HeapRoomError.
   */
  *read(): Generator<undefined, WrittenGroup> {
    const group: ParsedGroup = { targets: [], labels: new Map() };
    this.json.open('{');
    for (let index = 0; this.json.hasItem(index, '}'); index += 1) {
      const key = this.json.key();
      switch (foldedKey(key)) {
        case 'targets':
          yield* this.#targets(group);
          break;
        case 'labels':
          yield* this.#labels(group);
          break;
        default:
          this.json.fail(`unknown field ${JSON.stringify(key.slice(0, 100))}`);
      }
    }
    return group;
  }

  *#targets(group: ParsedGroup): Generator<undefined> {
    const former = group.targets;
    group.targets = [];
    if (this.json.takeNull()) return;
    this.json.open('[');
    for (let index = 0; this.json.hasItem(index, ']'); index += 1) {
      // Go reads a repeated field into the same list, where null leaves what is there.
      const ifNull = former[group.targets.length] ?? addressOnly('');
      group.targets.push(
        this.json.takeNull() ? ifNull : addressOnly(this.json.text('__address__')),
      );
      this.room.addTarget();
      if (this.#isTimeToPause()) yield;
    }
  }

  *#labels(group: ParsedGroup): Generator<undefined> {
    group.labels = new Map();
    if (this.json.takeNull()) return;
    this.json.open('{');
    for (let index = 0; this.json.hasItem(index, '}'); index += 1) {
      const name = this.json.key();
      if (name === '') this.json.fail('a label name is empty');
      group.labels.set(name, this.json.takeNull() ? '' : this.json.text(name));
      this.room.addNames(1);
      if (this.#isTimeToPause()) yield;
    }
  }

  #isTimeToPause(): boolean {
    if (this.json.at < this.#pauseAt) return false;
    this.#pauseAt = this.json.at + PIECE_BYTES;
    this.room.check(this.json.at);
    return true;
  }
}

/** Go's decoder finds fields whatever the case of the key; U+017F is a small s to it. */
function foldedKey(key: string): string {
  return key.toLowerCase().replaceAll('\u017F', 's');
}
