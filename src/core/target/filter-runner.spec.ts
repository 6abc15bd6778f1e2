import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMetaLabel } from '../labels/label-names.js';
import { labelSetOf, type LabelSet } from '../labels/label-set.js';
import { mergeLabels } from '../labels/merge-labels.js';
import { compileRelabelConfigs } from '../relabel/program.js';
import type { RelabelConfig } from '../scrape-config/model.js';
import { FilterRunner, ProgramBudget } from './filter-runner.js';
import { GroupBuilder } from './group-builder.js';
import { LabelHash } from './identity.js';
import { blockOf, type StoredGroup } from './stored-group.js';
import type { JobFilter } from './target-filter.js';
import type { TargetGroup } from './target-group.js';
import { build, hostileGroup, hostileName } from './testing/hostile-groups.js';

const anyName = hostileName.filter((name) => name !== '');
const rule: fc.Arbitrary<RelabelConfig> = fc.oneof(
  fc.record({
    action: fc.constantFrom('keep', 'drop'),
    source_labels: fc.array(anyName, { minLength: 1, maxLength: 2 }),
    regex: fc.constantFrom('x.*', 'drop;?', '(.*)y', ''),
  }),
  fc.record({
    source_labels: fc.array(anyName, { maxLength: 2 }),
    regex: fc.constantFrom('(.*)', '(.);.*', 'x(.*)'),
    target_label: fc.oneof(anyName, fc.constant('${1}z')),
    replacement: fc.constantFrom('$1', '', 'fixed'),
  }),
  fc.record({ action: fc.constant('labeldrop'), regex: fc.constantFrom('a|b', '__.*', '.') }),
  fc.record({ action: fc.constant('labelmap'), regex: fc.constantFrom('__(.*)', '(a|b)') }),
);

const filterOf = (rules: readonly RelabelConfig[]): JobFilter => {
  const program = compileRelabelConfigs(rules, { seeds: [{ name: 'job', value: 'j' }] });
  return {
    key: JSON.stringify(rules),
    run: (labels) => program.run(labels),
    compile: (names) => program.forNames(names),
  };
};

/** What makes a target the one that it is, in words; `undefined`: it is dropped. */
function plainIdentity(
  filter: JobFilter | undefined,
  { labels, targets }: TargetGroup,
  row: number,
): string | undefined {
  const discovered = mergeLabels(labels, targets[row] ?? labelSetOf([]));
  const kept = filter === undefined ? discovered : filter.run(discovered);
  return kept && plainly(kept);
}
const plainly = (labels: LabelSet): string =>
  JSON.stringify(
    Object.entries(labels)
      .filter(([name, value]) => value !== '' && !isMetaLabel(name))
      .sort(),
  );

/** What the runner says of a row: the hash of its identity; `undefined`: dropped. */
function verdict(runner: FilterRunner, group: StoredGroup, row: number): string | undefined {
  const isKept = runner.run(group, blockOf(group, row), row);
  return isKept ? `${String(runner.high)} ${String(runner.low)}` : undefined;
}

const mapped = <A, B>(value: A | undefined, map: (value: A) => B): B | undefined =>
  value === undefined ? undefined : map(value);
const rowsOf = (group: StoredGroup | undefined): (readonly [StoredGroup, number])[] =>
  group === undefined ? [] : Array.from({ length: group.rows }, (_, row) => [group, row]);

const someRules = fc.option(fc.array(rule, { maxLength: 4 }), { nil: undefined });
const hash = new LabelHash(9);

describe('a filter that is run on columns', () => {
  it('keeps the targets that it keeps one by one, with equal identities for equal ones alone', () => {
    let kept = 0;
    let equal = 0;
    fc.assert(
      fc.property(someRules, fc.array(hostileGroup, { maxLength: 3 }), (rules, groups) => {
        const filter = rules && filterOf(rules);
        const budget = new ProgramBudget();
        const runner = new FilterRunner(filter, hash, budget);
        const builder = new GroupBuilder();
        const seen: { plain: string | undefined; hash: string | undefined }[] = [];
        // Twice, so that layouts of few rows are compiled the second time, too.
        for (const input of [...groups, ...groups]) {
          for (const [group, row] of rowsOf(build(builder, input)?.group)) {
            const plain = plainIdentity(filter, input, row);
            seen.push({ plain, hash: verdict(runner, group, row) });
            expect(mapped(runner.identityLabels(group, row), plainly)).toBe(plain);
          }
        }
        const hashesOf = new Map<string | undefined, Set<string | undefined>>();
        for (const one of seen) {
          if (one.plain !== undefined) kept++;
          const hashes = hashesOf.get(one.plain) ?? new Set();
          if (hashes.size > 0) equal++;
          hashesOf.set(one.plain, hashes.add(one.hash));
        }
        expect(hashesOf.get(undefined) ?? new Set([undefined])).toEqual(new Set([undefined]));
        // One hash for each identity, and another for each other one.
        expect([...hashesOf.values()].every((hashes) => hashes.size === 1)).toBe(true);
        expect(new Set(seen.map((one) => one.hash)).size).toBe(hashesOf.size);
      }),
      { numRuns: 300 },
    );
    expect(kept).toBeGreaterThan(500);
    expect(equal).toBeGreaterThan(500);
  });

  it('gives the identities that it gives without being compiled, before and after programs are forgotten', () => {
    const rules = fc.array(rule, { maxLength: 4 });
    fc.assert(
      fc.property(rules, hostileGroup, (given, input) => {
        const { run, key } = filterOf(given);
        const budget = new ProgramBudget();
        const general = new FilterRunner({ key, run }, hash, budget);
        const compiled = new FilterRunner(filterOf(given), hash, budget);
        const { group } = build(new GroupBuilder(), input) ?? {};
        for (let pass = 0; group !== undefined && pass < 3; pass++) {
          for (let row = 0; row < group.rows; row++) {
            expect(verdict(compiled, group, row)).toBe(verdict(general, group, row));
          }
          if (pass === 1) budget.epoch++;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives identities of another hash as a runner of that hash would, and compiles nothing again', () => {
    fc.assert(
      fc.property(someRules, fc.array(hostileGroup, { maxLength: 3 }), (rules, groups) => {
        const filter = rules && filterOf(rules);
        const other = new LabelHash(10);
        let compiled = 0;
        const counting = filter && {
          ...filter,
          compile(names: readonly string[]) {
            compiled++;
            return filter.compile?.(names);
          },
        };
        const runner = new FilterRunner(counting, hash, new ProgramBudget());
        const second = runner.withHash(other);
        const expected = new FilterRunner(filter, other, new ProgramBudget());
        const builder = new GroupBuilder();
        const layouts = new Set();
        for (const input of [...groups, ...groups]) {
          for (const [group, row] of rowsOf(build(builder, input)?.group)) {
            layouts.add(blockOf(group, row).layout);
            verdict(runner, group, row);
            expect(verdict(second, group, row)).toBe(verdict(expected, group, row));
          }
        }
        expect(compiled).toBeLessThanOrEqual(layouts.size);
      }),
      { numRuns: 200 },
    );
  });

  it('tells equal targets from others by their labels, not by their hashes', () => {
    fc.assert(
      fc.property(someRules, hostileGroup, hostileGroup, (rules, first, second) => {
        const filter = rules && filterOf(rules);
        const runner = new FilterRunner(filter, hash, new ProgramBudget());
        const builder = new GroupBuilder();
        const a = build(builder, first)?.group;
        const b = build(builder, second)?.group;
        if (a === undefined || b === undefined) return;
        const identitiesOf = ({ rows }: StoredGroup, input: TargetGroup): (string | undefined)[] =>
          Array.from({ length: rows }, (_, row) => plainIdentity(filter, input, row));
        const others = identitiesOf(b, second);
        identitiesOf(a, first).forEach((plain, i) => {
          const isSame = others.map((_, j) => runner.isSame(a, i, b, j));
          expect(isSame).toEqual(others.map((other) => plain !== undefined && other === plain));
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('the budget of programs', () => {
  it('lets all be forgotten together when there are too many', () => {
    const budget = new ProgramBudget();
    const { epoch } = budget;
    for (let i = 0; i < 20_000; i++) budget.take();
    expect(budget.epoch).toBe(epoch);
    budget.take();
    expect(budget.epoch).not.toBe(epoch);
  });
});
