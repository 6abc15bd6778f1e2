import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TargetGroup } from '../../src/plugin-api/index.js';
import { parseTargetGroupsJson } from '../../src/plugins/discovery/target-groups/json-target-groups.js';
import { parseTargetGroupsYaml } from '../../src/plugins/discovery/target-groups/yaml-target-groups.js';
import type { Origin } from '../../src/plugins/discovery/target-groups/written-group.js';
import { describeWithOracle, seedOfRun } from './oracle.js';
import {
  brokenUtf8,
  handWritten,
  hostileJson,
  hostileYaml,
  wrongBytes,
  wrongBytesInYaml,
} from './target-groups-corpus.js';

interface Answer {
  readonly problem?: string;
  readonly groups: readonly { targets: string[]; labels: Record<string, string> }[] | null;
}
type Parse = (body: Uint8Array, origin: Origin) => Generator<undefined, readonly TargetGroup[]>;

const origin: Origin = { name: '', label: '__meta_origin' };

/** What our parser makes of a text, in the oracle's form; `undefined`: refused. */
function ours(parse: Parse, body: Buffer): unknown {
  try {
    const work = parse(body, origin);
    for (;;) {
      const step = work.next();
      if (step.done !== true) continue;
      return step.value.map(({ targets, labels }) => ({
        targets: targets.map((target) => target['__address__']),
        labels: Object.entries(labels)
          .filter(([name]) => name !== origin.label)
          .sort(byName),
      }));
    }
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('TA_TARGET_GROUPS_INVALID')) {
      return undefined;
    }
    throw error;
  }
}
const theirs = ({ problem, groups }: Answer): unknown =>
  problem === undefined
    ? groups?.map(({ targets, labels }) => ({
        targets,
        labels: Object.entries(labels).sort(byName),
      }))
    : undefined;
const byName = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : 1);

describeWithOracle('target groups are read as Prometheus reads them', (oracle) => {
  const compare = async (handler: string, parse: Parse, bodies: readonly Buffer[]) => {
    const answers = await oracle().ask<Answer>(
      handler,
      bodies.map((b) => b.toString('base64')),
    );
    let taken = 0;
    for (const [index, body] of bodies.entries()) {
      const answer = answers[index];
      if (answer === undefined) throw new Error('an answer is missing');
      const text = body.toString('latin1').slice(0, 2_000);
      expect({ text, is: ours(parse, body) }, answer.problem).toEqual({ text, is: theirs(answer) });
      if (answer.problem === undefined) taken += 1;
    }
    return taken;
  };

  it('JSON, the odd cases', async () => {
    const bodies = [
      ...handWritten.map((text) => Buffer.from(text)),
      ...hostileJson,
      ...brokenUtf8,
      ...wrongBytes,
    ];
    expect(await compare('target-groups-json', parseTargetGroupsJson, bodies)).toBeGreaterThan(40);
  });

  it('YAML, the odd cases', async () => {
    const bodies = [...hostileYaml, ...wrongBytesInYaml];
    expect(await compare('target-groups-yaml', parseTargetGroupsYaml, bodies)).toBeGreaterThan(15);
  });

  it('JSON, 10,000 mutated lists', async () => {
    const seed = seedOfRun('target groups in JSON');
    const bodies = fc.sample(mutated(jsonText), { seed, numRuns: 10_000 });
    const taken = await compare('target-groups-json', parseTargetGroupsJson, bodies);
    expect(taken).toBeGreaterThan(1_000);
    expect(taken).toBeLessThan(9_000);
  });

  it('YAML, 3,000 mutated lists', async () => {
    const seed = seedOfRun('target groups in YAML');
    const bodies = fc.sample(yamlText, { seed, numRuns: 3_000 }).map((text) => Buffer.from(text));
    const taken = await compare('target-groups-yaml', parseTargetGroupsYaml, bodies);
    expect(taken).toBeGreaterThan(500);
  });
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('', 'a:1', '__proto__', 'ſ', '\ud800', 'null', '{"', '\\u00e9'),
);
const groupValue = fc.record(
  {
    targets: fc.oneof(fc.array(fc.option(anyText), { maxLength: 4 }), fc.constant(null)),
    labels: fc.oneof(fc.dictionary(anyText, fc.option(anyText), { maxKeys: 4 }), fc.constant(null)),
    Labels: fc.dictionary(anyText, anyText, { maxKeys: 2 }),
    other: fc.jsonValue({ maxDepth: 1 }),
  },
  { requiredKeys: [] },
);
const jsonText = fc
  .tuple(
    fc.array(
      fc.oneof({ weight: 20, arbitrary: groupValue }, { weight: 1, arbitrary: fc.jsonValue() }),
      { maxLength: 4 },
    ),
    fc.constantFrom(undefined, 1, '\t'),
  )
  .map(([value, indent]) => {
    const known = value.map((group) => {
      if (typeof group !== 'object' || group === null || !('other' in group)) return group;
      const { other: _other, ...rest } = group;
      return Math.abs(JSON.stringify(_other).length) % 4 === 0 ? group : rest;
    });
    return JSON.stringify(known, undefined, indent);
  });

/** Half of the texts as they are, the others with a byte or two changed, put in or taken out. */
function mutated(texts: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 2 }),
      fc.constantFrom(...'[]{}",:\\n'.split('').map((c) => Buffer.from(c))),
    ),
    removed: fc.nat({ max: 2 }),
  });
  return fc.tuple(texts, fc.option(change)).map(([text, changed]) => {
    const body = Buffer.from(text);
    if (changed === null) return body;
    const at = Math.floor(changed.at * body.length);
    return Buffer.concat([
      body.subarray(0, at),
      changed.bytes,
      body.subarray(at + changed.removed),
    ]);
  });
}

const yamlScalar = fc.constantFrom(
  'a:1',
  '"a: 1"',
  "'q'",
  'yes',
  '0777',
  '1e3',
  '2001-01-01',
  '~',
  'null',
  '',
  '1_000',
  '"\\u00e9"',
  '0x1F',
  '.inf',
  'true',
  '!!str 5',
  '!foo bar',
  '!!binary aGk=',
  '[x]',
  '{a: b}',
  '*anchor',
  '&anchor v',
  'a #c',
  '|-\n      x\n      y',
  '>-\n      x\n      y',
  '- z',
  '@x',
);
const yamlKey = fc.constantFrom(
  'a',
  'b',
  '__proto__',
  '1',
  'yes',
  '"q"',
  '""',
  '~',
  '<<',
  '? c',
  'é',
);
const yamlLabels = fc
  .array(fc.tuple(yamlKey, yamlScalar), { maxLength: 3 })
  .map((pairs) => pairs.map(([key, value]) => `\n    ${key}: ${value}`).join(''));
const yamlTargets = fc
  .array(yamlScalar, { maxLength: 3 })
  .map((values) => values.map((value) => `\n    - ${value}`).join(''));
const yamlGroup = fc
  .tuple(
    fc.constantFrom('', '&g '),
    yamlTargets,
    yamlLabels,
    fc.constantFrom('', '\n  other: 1', '\n  targets: [d]', '\n  labels: *labels', '\n  <<: *g'),
  )
  .map(
    ([anchor, targets, labels, rest]) =>
      `- ${anchor}targets:${targets}\n  labels: &labels${labels}${rest}\n`,
  );
const yamlText = fc
  .tuple(
    fc.constantFrom('', '', '', '---\n', '# c\n', '%YAML 1.1\n---\n'),
    fc.array(
      fc.oneof(
        { weight: 9, arbitrary: yamlGroup },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            '- null\n',
            '- {}\n',
            '- x\n',
            '- \n',
            '---\n- {}\n',
            '- targets: [a, b]\n',
          ),
        },
      ),
      { maxLength: 3 },
    ),
  )
  .map(([head, groups]) => head + groups.join(''));
