import fc from 'fast-check';
import { labelSetOf, type LabelSet } from '../../labels/label-set.js';
import { mergeLabels } from '../../labels/merge-labels.js';
import type { StoredGroup } from '../stored-group.js';
import type { TargetGroup } from '../target-group.js';
import type { BuiltGroup, GroupBuilder } from '../group-builder.js';

/** Names that objects inherit or order by themselves, that are empty, or that UTF-16 sorts in another order than UTF-8. */
export const hostileName = fc.constantFrom(
  '__address__',
  '__meta_x',
  'a',
  'b',
  '',
  '__proto__',
  'constructor',
  '7',
  '\uffff',
  '\u{1f600}',
);
/** Values that are few, so that they repeat, and some that are odd. */
export const hostileValue = fc.constantFrom(
  '',
  'x',
  'y',
  'drop',
  '__proto__',
  '"\\\n',
  'é\u{1f600}',
);
/** Labels in any order; often two sets have the same names, in the same order or in another one. */
export const hostileLabels: fc.Arbitrary<LabelSet> = fc
  .array(fc.tuple(hostileName, hostileValue), { maxLength: 5 })
  .map((entries) => labelSetOf(entries));

/** A group whose targets have runs of equal names, and some equal targets. */
export const hostileGroup: fc.Arbitrary<TargetGroup> = fc
  .tuple(
    fc.oneof(fc.constant(labelSetOf([])), hostileLabels),
    fc.array(fc.tuple(hostileLabels, fc.integer({ min: 1, max: 6 })), { maxLength: 5 }),
  )
  .map(([labels, runs]) => ({
    source: 's',
    labels,
    targets: runs.flatMap(([target, count]) => Array.from({ length: count }, () => target)),
  }));

/** The same group after a change: targets that came, went, moved or got another value. */
export function changeOf(group: TargetGroup): fc.Arbitrary<TargetGroup> {
  const targets = fc
    .tuple(
      fc.shuffledSubarray([...group.targets]),
      fc.subarray([...group.targets]),
      fc.array(hostileLabels, { maxLength: 2 }),
      fc.boolean(),
    )
    .map(([shuffled, inOrder, added, keepsOrder]) => [
      ...(keepsOrder ? inOrder : shuffled),
      ...added,
    ]);
  return fc.record({
    source: fc.constant(group.source),
    labels: fc.oneof({ weight: 3, arbitrary: fc.constant(group.labels) }, hostileLabels),
    targets: fc.oneof(fc.constant(group.targets), targets),
  });
}

/** What a target's labels are, in a form that can be compared: sorted, the group's included. */
export const plainly = (group: LabelSet, target: LabelSet): string =>
  JSON.stringify(Object.entries(mergeLabels(group, target)).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Builds a group without caring for its yields. */
export function build(
  builder: GroupBuilder,
  input: TargetGroup,
  former?: StoredGroup,
): BuiltGroup | undefined {
  const work = builder.build('p', input, former);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
