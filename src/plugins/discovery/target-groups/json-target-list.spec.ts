import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TargetGroup } from '../../../plugin-api/index.js';
import { JsonGroupReader } from './json-group-reader.js';
import { JsonReader } from './json-reader.js';
import { JsonTargetList } from './json-target-groups.js';
import { ReadingRoom } from './reading-room.js';
import { targetGroup, type Origin } from './written-group.js';

const origin: Origin = { name: '/sd/a', label: '__meta_filepath' };

function finish<T>(work: Generator<undefined, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
const update = (list: JsonTargetList, body: Buffer): readonly TargetGroup[] =>
  finish(list.update(body));

/** The slow way: every group bit by bit, nothing remembered. */
function* readNaively(body: Buffer): Generator<undefined, readonly TargetGroup[]> {
  const json = new JsonReader(body);
  const groups: TargetGroup[] = [];
  if (!json.takeNull()) {
    const room = new ReadingRoom(body.length);
    json.open('[');
    for (let index = 0; json.hasItem(index, ']'); index += 1) {
      if (json.takeNull()) json.fail('a group is null');
      groups.push(targetGroup(yield* new JsonGroupReader(json, room).read(), origin, index));
    }
  }
  json.end();
  return groups;
}
/** `undefined`: refused. */
function orRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    expect(String(error)).toContain('TA_TARGET_GROUPS_INVALID');
    return undefined;
  }
}
const plain = (groups: Iterable<TargetGroup>): unknown =>
  Array.from(groups, ({ source, labels, targets }) => ({
    source,
    labels: Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)),
    targets: targets.map((target) => Object.entries(target)),
  }));

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom(
    '',
    'a:1',
    '__proto__',
    '__meta_filepath',
    '{',
    '}',
    '"',
    '\\',
    '},{"',
    'é',
    '\ud800',
  ),
);
/** A group's JSON in pieces, so that keys may be repeated and fields odd. */
const field = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.array(anyText, { maxLength: 3 }).map((v) => `"targets": ${JSON.stringify(v)}`),
  },
  {
    weight: 8,
    arbitrary: fc
      .array(fc.tuple(anyText, fc.option(anyText, { freq: 20 })), { maxLength: 3 })
      .map(
        (v) =>
          `"labels":{${v.map((pair) => pair.map((t) => JSON.stringify(t)).join(' :')).join()}}`,
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '"Targets":["x"]',
      '"labels":null',
      '"labels":["a"]',
      '"x":1',
      '"targets":[[{"a":"}"}]]',
    ),
  },
);
const oddGroup = fc.array(field, { maxLength: 3 }).map((fields) => `{${fields.join(',')}}`);
/** As programs write them: the same names in the same order, with other values. */
const groupsAlike = fc
  .tuple(
    fc.array(anyText, { maxLength: 4 }),
    fc.array(fc.array(anyText, { minLength: 6, maxLength: 6 }), { maxLength: 6 }),
    fc.constantFrom('', ' ', '\n\t'),
  )
  .map(([names, rows, blank]) =>
    rows.map(([first = '', second = '', ...values]) => {
      const labels = names.map(
        (name, i) => `${JSON.stringify(name)}:${blank}${JSON.stringify(values[i] ?? '')}`,
      );
      return `{"targets":${blank}${JSON.stringify([first, second])},"labels":${blank}{${labels.join(`,${blank}`)}}}`;
    }),
  );
const listText = fc
  .tuple(
    fc.oneof(fc.array(oddGroup, { maxLength: 5 }), groupsAlike),
    fc.constantFrom(',', ', ', ',\n  '),
  )
  .map(([groups, comma]) => `[${groups.join(comma)}]`);
/** Some texts have a byte changed, put in or taken out. */
const body = fc
  .tuple(
    listText,
    fc.option(
      fc.tuple(
        fc.nat(400),
        fc.constantFrom('{', '}', '[', ']', '"', ',', '\\', ':', '\xff'),
        fc.nat(1),
      ),
    ),
  )
  .map(([text, change]) => {
    const bytes = Buffer.from(text);
    if (change === null) return bytes;
    const [place, byte, removed] = change;
    const at = place % (bytes.length + 1);
    return Buffer.concat([
      bytes.subarray(0, at),
      Buffer.from(byte, 'latin1'),
      bytes.subarray(at + removed),
    ]);
  });

describe('a list of target groups in JSON', () => {
  it('is read quickly exactly as it is read bit by bit', () => {
    fc.assert(
      fc.property(body, (text) => {
        const quick = orRefused(() => plain(update(new JsonTargetList(origin), text)));
        expect(quick).toEqual(orRefused(() => plain(finish(readNaively(text)))));
      }),
      { numRuns: 3_000 },
    );
  });

  it('gives changes that make of any version the next one, and keeps the former one through wrong ones', () => {
    fc.assert(
      fc.property(fc.array(body, { minLength: 1, maxLength: 6 }), (versions) => {
        const list = new JsonTargetList(origin);
        const held = new Map<string, TargetGroup>();
        let last: readonly TargetGroup[] = [];
        for (const version of versions) {
          for (const group of orRefused(() => update(list, version)) ?? []) {
            if (group.targets.length === 0) held.delete(group.source);
            else held.set(group.source, group);
          }
          last = orRefused(() => finish(readNaively(version))) ?? last;
          const expected = last.filter(({ targets }) => targets.length > 0);
          expect(plain([...held.values()].sort(bySource))).toEqual(plain(expected));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives only the groups whose text is new, in whatever place of many', () => {
    const text = (changed: number): Buffer =>
      Buffer.from(
        JSON.stringify(
          Array.from({ length: 500 }, (_, i) => ({
            targets: [`h${String(i)}:1`],
            labels: { v: i === changed ? 'new' : 'old', quoted: '"\\\n' },
          })),
        ),
      );
    const list = new JsonTargetList(origin);
    expect(update(list, text(-1))).toHaveLength(500);
    expect(update(list, text(-1))).toEqual([]);
    expect(update(list, text(321)).map(({ source }) => source)).toEqual(['/sd/a:321']);
    expect(finish(list.clear())).toHaveLength(500);
    expect(update(list, Buffer.from('[]'))).toEqual([]);
  });

  it.each([
    '{"targets":[1],"targets":["a"]}',
    '{"labels":{"a":1},"labels":{"a":"b"}}',
    '{"targets":["a"],"labels":{"a":1,"a":"b"}}',
  ])('does not overlook what a repeated key hides: %s', (group) => {
    const list = new JsonTargetList(origin);
    expect(() => update(list, Buffer.from(`[${group}]`))).toThrow('expected a text');
  });

  it('makes label sets without a prototype', () => {
    const text = '[{"targets":["a:1"],"labels":{"__proto__":"p","constructor":"c"}}]';
    const [group] = update(new JsonTargetList(origin), Buffer.from(text));
    expect(Object.getPrototypeOf(group?.labels)).toBeNull();
    expect(Object.getPrototypeOf(group?.targets[0])).toBeNull();
    expect(Object.entries(group?.labels ?? {})).toContainEqual(['__proto__', 'p']);
  });
});

const bySource = (a: TargetGroup, b: TargetGroup): number =>
  Number(a.source.split(':')[1]) - Number(b.source.split(':')[1]);
