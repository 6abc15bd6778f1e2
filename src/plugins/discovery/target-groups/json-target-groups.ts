import type { TargetGroup } from '../../../plugin-api/index.js';
import { JsonReader } from './json-reader.js';
import { targetGroup, type Origin } from './written-group.js';

/** The work between two places where the parser may be interrupted, in bytes. */
const PIECE_BYTES = 16_384;

/**
 * Reads a list of target groups from JSON as Prometheus does: `[{"targets": ["host:port"], "labels": {"name": "value"}}]`,
 * `null` for none, no other fields. It is a parser of its own because Go's differs from JSON.parse in what it takes and
 * makes of it (case of keys, null, repeated keys, broken UTF-8 and surrogates), and because one that can be interrupted
 * does not hold up the event loop. Nothing nests deeper than this, so that depth is no danger.
 *
 * @throws TargetGroupsError with the byte where it went wrong.
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/discovery/targetgroup/targetgroup.go
 */
export function* parseTargetGroupsJson(
  body: Uint8Array,
  origin: Origin,
): Generator<undefined, readonly TargetGroup[]> {
  const parser = new Parser(new JsonReader(body));
  const groups: TargetGroup[] = [];
  for (const written of parser.groups()) {
    if (written === undefined) yield;
    else groups.push(targetGroup(written, origin, groups.length));
  }
  return groups;
}

interface ParsedGroup {
  targets: string[];
  labels: Map<string, string>;
}

/** The methods give `undefined` wherever they may be interrupted. */
class Parser {
  #pauseAt = PIECE_BYTES;

  constructor(private readonly json: JsonReader) {}

  *groups(): Generator<ParsedGroup | undefined> {
    if (this.json.takeNull()) {
      this.json.end();
      return;
    }
    this.json.open('[');
    for (let index = 0; this.json.hasItem(index, ']'); index += 1) {
      if (this.json.takeNull()) this.json.fail('a group is null');
      const group: ParsedGroup = { targets: [], labels: new Map() };
      yield* this.#group(group);
      yield group;
    }
    this.json.end();
  }

  *#group(group: ParsedGroup): Generator<undefined> {
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
  }

  *#targets(group: ParsedGroup): Generator<undefined> {
    const former = group.targets;
    group.targets = [];
    if (this.json.takeNull()) return;
    this.json.open('[');
    for (let index = 0; this.json.hasItem(index, ']'); index += 1) {
      // Go reads a repeated field into the same list, where null leaves what is there.
      const ifNull = former[group.targets.length] ?? '';
      group.targets.push(this.json.takeNull() ? ifNull : this.json.text());
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
      group.labels.set(name, this.json.takeNull() ? '' : this.json.text());
      if (this.#isTimeToPause()) yield;
    }
  }

  #isTimeToPause(): boolean {
    if (this.json.at < this.#pauseAt) return false;
    this.#pauseAt = this.json.at + PIECE_BYTES;
    return true;
  }
}

/** Go's decoder finds fields whatever the case of the key; U+017F is a small s to it. */
function foldedKey(key: string): string {
  return key.toLowerCase().replaceAll('\u017F', 's');
}
