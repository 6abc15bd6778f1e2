import { describe, expect, it } from 'vitest';
import type { TargetGroup } from '../../../plugin-api/index.js';
import { parseTargetGroupsJson } from './json-target-groups.js';
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
const entries = (group: TargetGroup | undefined): unknown => Object.entries(group?.labels ?? {});

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
      ['team', 'x'],
      ['__meta_filepath', '/sd/a'],
    ]);
    expect(first?.targets.map((target) => Object.entries(target))).toEqual([
      [['__address__', 'a:1']],
    ]);
  });
});

describe('target groups in JSON', () => {
  it('keep names that mean something to JavaScript as data', () => {
    const [group] = json('[{"labels":{"__proto__":"p","constructor":"c"}}]');
    expect(entries(group)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
      ['__meta_filepath', '/sd/a'],
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

  it('are refused as a whole when one entry of a long list is wrong', () => {
    expect(() => yaml(`${long}- targets: 5\n`)).toThrow(/TA_TARGET_GROUPS_INVALID.*targets/);
  });

  it('are refused when they are not UTF-8', () => {
    expect(() => finish(parseTargetGroupsYaml(Buffer.from([0x2d, 0x20, 0xff]), origin))).toThrow(
      'it is not UTF-8',
    );
  });
});
