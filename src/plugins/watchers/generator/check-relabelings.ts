import { compileRelabelConfigs, RelabelConfigError } from '../../../plugin-api/index.js';
import { type RelabelRule, relabelings } from './relabelings.js';
import type { SpecValue } from './spec-value.js';

/** What an action cannot do without. */
const required = new Map([
  ['replace', ['target_label']],
  ['hashmod', ['target_label', 'modulus']],
  ['lowercase', ['target_label']],
  ['uppercase', ['target_label']],
  ['keepequal', ['target_label']],
  ['dropequal', ['target_label']],
]);
const actions = [...required.keys(), 'keep', 'drop', 'labelmap', 'labeldrop', 'labelkeep'];
const defaults: RelabelRule = { separator: ';', regex: '(.*)', replacement: '$1' };
/** What an action leaves no room for, unless it says the default. */
const excluded = new Map([
  ['lowercase', ['replacement']],
  ['uppercase', ['replacement']],
  ['keepequal', ['separator', 'regex', 'modulus', 'replacement']],
  ['dropequal', ['separator', 'regex', 'modulus', 'replacement']],
  ['labeldrop', ['source_labels', 'separator', 'modulus', 'target_label', 'replacement']],
  ['labelkeep', ['source_labels', 'separator', 'modulus', 'target_label', 'replacement']],
]);

/**
 * Rejects rules that the operator refuses. Rules that get into a job of their resource need no such check, because
 * jobs are checked as a whole; this is for the others.
 *
 * @see github.com/prometheus-operator/prometheus-operator v0.93.1, pkg/prometheus/validation/validator.go
 */
export function checkRelabelings(at: SpecValue): void {
  const places = at.items();
  relabelings(at).forEach((rule, index) => {
    const problem = problemOf(rule) ?? regexProblemOf(rule['regex']);
    if (problem !== undefined) places[index]?.reject(problem);
  });
}

/** Rejects actions that there are not: the operator leaves that to Prometheus, which then refuses every job. */
export function checkActions(at: SpecValue): void {
  for (const rule of at.items()) {
    const action = rule.field('action');
    const known = actions.includes((action.text() ?? 'replace').toLowerCase());
    if (!known && action.value !== '') {
      action.reject(`there is no such action; use one of ${actions.join(', ')}`);
    }
  }
}

function problemOf(rule: RelabelRule): string | undefined {
  const written = rule['action'];
  const action = typeof written === 'string' ? written : 'replace';
  const missing = required.get(action)?.find((field) => (rule[field] ?? '') === '');
  if (missing !== undefined) return `the action ${action} needs ${missing}`;
  if (action === 'labelmap' && rule['replacement'] === '') {
    return 'the action labelmap needs a replacement that is not empty';
  }
  const field = excluded
    .get(action)
    ?.find((name) => rule[name] !== undefined && rule[name] !== defaults[name]);
  return field === undefined ? undefined : `the action ${action} takes no ${field}`;
}

function regexProblemOf(regex: unknown): string | undefined {
  if (typeof regex !== 'string') return undefined;
  try {
    compileRelabelConfigs([{ regex }]);
    return undefined;
  } catch (error) {
    if (error instanceof RelabelConfigError) return error.problem;
    throw error;
  }
}
