import { isValidLabelName } from '../labels/label-names.js';
import type { RelabelAction } from '../scrape-config/model.js';
import { hashmod } from './hashmod.js';
import type { LabelBuilder } from './label-builder.js';
import { toLowerLikeGo, toUpperLikeGo } from './letter-case.js';
import type { RegexMatch } from './regex.js';
import type { RelabelRule } from './rule.js';

/** Whether a target is kept, from the joined source values and the value of the target label. */
export type Decision = (rule: RelabelRule, source: string, target: string) => boolean;
/** What the target label is set to, from the joined source values. */
export type Computation = (rule: RelabelRule, source: string) => string;
/** Whether the label of that name is deleted. */
export type Deletion = (rule: RelabelRule, name: string) => boolean;

/** The actions that keep or drop a target. */
export const decisions: ReadonlyMap<RelabelAction, Decision> = new Map<RelabelAction, Decision>([
  ['keep', (rule, source) => rule.regex.test(source)],
  ['drop', (rule, source) => !rule.regex.test(source)],
  ['keepequal', (_, source, target) => source === target],
  ['dropequal', (_, source, target) => source !== target],
]);

/** The actions that set the target label, whatever its sources are. */
export const computations: ReadonlyMap<RelabelAction, Computation> = new Map<
  RelabelAction,
  Computation
>([
  ['lowercase', (_, source) => toLowerLikeGo(source)],
  ['uppercase', (_, source) => toUpperLikeGo(source)],
  ['hashmod', (rule, source) => hashmod(source, rule.modulus)],
]);

/** The actions that delete labels by their names. */
export const deletions: ReadonlyMap<RelabelAction, Deletion> = new Map<RelabelAction, Deletion>([
  ['labeldrop', (rule, name) => rule.regex.test(name)],
  ['labelkeep', (rule, name) => !rule.regex.test(name)],
]);

const withoutGroups: RegexMatch = [];

/**
 * What the templates of a `replace` rule are filled in from; `undefined`: nothing matches. Templates without references
 * need no groups, and to say that there is a match is cheaper than to say where.
 */
export function matchFor(rule: RelabelRule, source: string): RegexMatch | undefined {
  const { regex, replacement, targetTemplate } = rule;
  if (replacement.constant === undefined || targetTemplate.constant === undefined) {
    return regex.match(source);
  }
  return regex.test(source) ? withoutGroups : undefined;
}

/** What a `replace` rule sets; `undefined`: nothing, as nothing matches or the name would not be valid. */
export function replacementFor(
  rule: RelabelRule,
  source: string,
): { readonly name: string; readonly value: string } | undefined {
  const match = matchFor(rule, source);
  if (match === undefined) return undefined;
  const name = rule.targetTemplate.expand(match);
  if (!isValidLabelName(name, rule.nameScheme)) return undefined;
  return { name, value: rule.replacement.expand(match) };
}

/** The name that a `labelmap` rule copies a label to; `undefined`: it leaves the label alone. */
export function mappedName(rule: RelabelRule, name: string): string | undefined {
  if (!rule.regex.test(name)) return undefined;
  return rule.regex.replaceAll(name, (match) => rule.replacement.expand(match));
}

function changeLabels(rule: RelabelRule, source: string, labels: LabelBuilder): void {
  const compute = computations.get(rule.action);
  if (compute !== undefined) {
    labels.set(rule.targetLabel, compute(rule, source));
    return;
  }
  if (rule.action === 'replace') {
    const replacement = replacementFor(rule, source);
    if (replacement !== undefined) labels.set(replacement.name, replacement.value);
    return;
  }
  const isDeleted = deletions.get(rule.action);
  for (const [name, value] of labels.entries()) {
    if (isDeleted !== undefined) {
      if (isDeleted(rule, name)) labels.delete(name);
      continue;
    }
    const mapped = mappedName(rule, name);
    if (mapped !== undefined) labels.set(mapped, value);
  }
}

/**
 * Applies one rule to the labels.
 *
 * @returns Whether the target is kept.
 * @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#relabel_config
 */
export function applyRule(rule: RelabelRule, labels: LabelBuilder): boolean {
  const source = rule.sourceLabels.map((name) => labels.get(name)).join(rule.separator);
  const decide = decisions.get(rule.action);
  if (decide !== undefined) return decide(rule, source, labels.get(rule.targetLabel));
  changeLabels(rule, source, labels);
  return true;
}
