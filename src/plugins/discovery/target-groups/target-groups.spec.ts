import { describe, expect, it } from 'vitest';
import type { TargetGroup } from '../../../plugin-api/index.js';
import { parseTargetGroupsJson } from './json-target-groups.js';
import { MAX_TEXT_BYTES } from './target-budget.js';
import type { Origin } from './written-group.js';
import { parseTargetGroupsYaml } from './yaml-target-groups.js';

const origin: Origin = { name: '/sd/a', label: '__meta_filepath' };

function finish(work: Generator<undefined, readonly TargetGroup[]>): {
  groups: readonly TargetGroup[];
  pauses: number;
} {
  for (let pauses = 0; ; pauses += 1) {
    const step = work.next();
    if (step.done === true) return { groups: step.value, pauses };
  }
}
const json = (text: string): readonly TargetGroup[] =>
  finish(parseTargetGroupsJson(Buffer.from(text), origin)).groups;
const yaml = (text: string): readonly TargetGroup[] =>
  finish(parseTargetGroupsYaml(Buffer.from(text), origin)).groups;
const entries = (group: TargetGroup | undefined): unknown =>
  Object.entries(group?.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

describe.each([
  [
    'JSON',
    json,
    '[{"targets":["a:1"],"labels":{"team":"x","__meta_filepath":"lie"}},{"targets":["b:1"]}]',
  ],
  ['YAML', yaml, '- targets: [a:1]\n  labels: {team: x, __meta_filepath: lie}\n- targets: [b:1]\n'],
])('target groups in %s', (_, parse, text) => {
  it('are named by their place, and say where they come from', () => {
    const [first, second] = parse(text);
    expect([first?.source, second?.source]).toEqual(['/sd/a:0', '/sd/a:1']);
    expect(entries(first)).toEqual([
      ['__meta_filepath', '/sd/a'],
      ['team', 'x'],
    ]);
    expect(first?.targets.map((target) => Object.entries(target))).toEqual([
      [['__address__', 'a:1']],
    ]);
  });
});

describe.each([
  ['JSON', json],
  ['YAML', yaml],
])('a text that is too long, in %s,', (_, parse) => {
  const long = 'x'.repeat(MAX_TEXT_BYTES);

  it('is refused by its label and length, and the longest one is taken', () => {
    const list = (labels: object): string => JSON.stringify([{ targets: ['a:1'], labels }]);
    expect(parse(list({ l: long }))[0]?.labels['l']).toHaveLength(MAX_TEXT_BYTES);
    expect(() => parse(list({ l: `${long}xx` }))).toThrow(
      /TA_TARGET_GROUPS_INVALID[^x]*the value of "l" is 4194306 bytes long, more than the 4194304 that are taken$/,
    );
  });

  it('is refused when it is an address', () => {
    const text = JSON.stringify([{ targets: [`${long}x`] }]);
    expect(() => parse(text)).toThrow('the value of "__address__" is 4194305 bytes long');
  });
});

describe('target groups in JSON', () => {
  it('keep names that mean something to JavaScript as data', () => {
    const [group] = json('[{"labels":{"__proto__":"p","constructor":"c"}}]');
    expect(entries(group)).toEqual([
      ['__meta_filepath', '/sd/a'],
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
    expect(Object.getPrototypeOf(group?.labels)).toBeNull();
  });

  it.each([
    ['[{"target":["a"]}]', 'byte 11: unknown field "target"'],
    ['[{"targets":[5]}]', 'byte 13: expected a text, found "5"'],
    ['[null]', 'byte 5: a group is null'],
    ['[{"targets":["a"]', 'byte 17: expected "," or "}", but it ends here'],
    ['<html>', 'byte 0: expected "[", found "<"'],
    ['[]x', 'byte 2: expected the end, found "x"'],
  ])('say where %s goes wrong', (text, problem) => {
    expect(() => json(text)).toThrow(problem);
  });

  it('refuse millions of brackets without going deep', () => {
    expect(() => json('['.repeat(2_000_000))).toThrow('byte 1: expected "{"');
  });

  it('can be interrupted within one group, however long it is', () => {
    const targets = Array.from({ length: 20_000 }, (_, i) => `"10.0.0.0:${String(i)}"`);
    const { groups, pauses } = finish(
      parseTargetGroupsJson(Buffer.from(`[{"targets":[${targets.join(',')}]}]`), origin),
    );
    expect(groups[0]?.targets).toHaveLength(20_000);
    expect(pauses).toBeGreaterThan(15);
  });
});

describe('target groups in YAML', () => {
  const entry = (i: number): string =>
    `- targets: ['h${String(i)}:1']\n  labels: {n: ${String(i)}}\n`;
  const long = Array.from({ length: 1_800 }, (_, i) => entry(i)).join('');

  it('of a long list are read piece by piece, and all of them', () => {
    const { groups, pauses } = finish(parseTargetGroupsYaml(Buffer.from(long), origin));
    expect(groups.map(({ labels }) => labels['n'])).toEqual(
      Array.from({ length: 1_800 }, (_, i) => String(i)),
    );
    expect(pauses).toBeGreaterThan(groups.length);
  });

  it('of a long list may share anchors', () => {
    const text = `- targets: [x]\n  labels: &shared {team: a}\n${long}- targets: [y]\n  labels: *shared\n`;
    expect(yaml(text).at(-1)?.labels['team']).toBe('a');
  });

  it('after the end of the first document do not count', () => {
    expect(yaml(`${long}---\n${entry(1)}`)).toHaveLength(1_800);
  });

  it.each([
    ['one group', `- targets: [${'a:1, '.repeat(2 ** 21)}]\n`],
    ['a list with an anchor', `- &a {targets: [x]}\n${'- targets: [a:1]\n'.repeat(2 ** 19)}- *a\n`],
  ])('refuses more than 8 MiB in one piece: %s', (_, list) => {
    expect(() => yaml(list)).toThrow(/can only be read in one piece.*write JSON/);
  });

  it('are refused as a whole when one entry of a long list is wrong', () => {
    expect(() => yaml(`${long}- targets: 5\n`)).toThrow(/TA_TARGET_GROUPS_INVALID.*targets/);
  });

  it('are refused when they are not UTF-8', () => {
    expect(() => finish(parseTargetGroupsYaml(Buffer.from([0x2d, 0x20, 0xff]), origin))).toThrow(
      'it is not UTF-8',
    );
  });
});
