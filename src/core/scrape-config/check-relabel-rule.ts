import type { Cursor } from '../document/cursor.js';
import { isValidLabelName, type NameValidationScheme } from '../labels/label-names.js';
import type { RelabelAction } from './model.js';
import type { RelabelInput } from './relabel-fields.js';

const needsTarget: readonly RelabelAction[] = [
  'replace',
  'hashmod',
  'lowercase',
  'uppercase',
  'keepequal',
  'dropequal',
];
const takesNoReplacement: readonly RelabelAction[] = [
  'lowercase',
  'uppercase',
  'keepequal',
  'dropequal',
];
/** A legacy label name that may have `$1`, `${1}` or `${name}` in it. */
const legacyTemplate = /^(?:[a-zA-Z_]|\$\{\w+\}|\$\w)(?:\w|\$\{\w+\}|\$\w)*$/;

/**
 * Checks what an action needs and excludes.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/model/relabel/relabel.go, `Config.Validate`
 */
export function checkRelabelRule(
  input: RelabelInput,
  scheme: NameValidationScheme,
  at: Cursor,
): void {
  if (input.action === '') {
    at.field('action').error('the action is empty', {
      hint: 'remove the key for the default, replace',
    });
    return;
  }
  // An action that could not be read was reported already.
  if (input.action === undefined && at.has('action')) return;
  const action = input.action ?? 'replace';
  if (action === 'hashmod' && (input.modulus ?? 0) === 0) {
    at.field('modulus').error('hashmod needs a modulus that is not 0');
  }
  checkTarget(input, action, scheme, at);
  checkReplacement(input, action, scheme, at);
  checkExcluded(input, action, at);
}

function checkTarget(
  input: RelabelInput,
  action: RelabelAction,
  scheme: NameValidationScheme,
  at: Cursor,
): void {
  if (!needsTarget.includes(action)) return;
  const target = input.target_label ?? '';
  if (target === '') {
    if (input.target_label === '' || !at.has('target_label')) {
      at.field('target_label').error(`the action ${action} needs a target_label`);
    }
    return;
  }
  const isTemplate = action === 'replace' && target.includes('$');
  const isValid = isTemplate ? isNameTemplate(target, scheme) : isValidLabelName(target, scheme);
  if (!isValid) at.field('target_label').error(`not a valid label name for the action ${action}`);
}

function checkReplacement(
  input: RelabelInput,
  action: RelabelAction,
  scheme: NameValidationScheme,
  at: Cursor,
): void {
  const replacement = input.replacement ?? '$1';
  if (takesNoReplacement.includes(action) && replacement !== '$1') {
    at.field('replacement').error(`the action ${action} takes no replacement`, {
      hint: 'remove it',
    });
  }
  if (action === 'labelmap' && !isNameTemplate(replacement, scheme)) {
    at.field('replacement').error('not a valid label name for the action labelmap');
  }
}

/** Fields that Prometheus refuses for an action, even where they would do nothing. */
const excludedFields: ReadonlyMap<RelabelAction, readonly (keyof RelabelInput)[]> = new Map<
  RelabelAction,
  readonly (keyof RelabelInput)[]
>([
  ['keepequal', ['separator', 'modulus', 'regex']],
  ['dropequal', ['separator', 'modulus', 'regex']],
  ['labeldrop', ['separator', 'modulus', 'source_labels', 'target_label', 'replacement']],
  ['labelkeep', ['separator', 'modulus', 'source_labels', 'target_label', 'replacement']],
]);
/** A field with its default is as good as none; a regex and source labels must not even be there. */
const defaults: RelabelInput = { separator: ';', modulus: 0, target_label: '', replacement: '$1' };

function checkExcluded(input: RelabelInput, action: RelabelAction, at: Cursor): void {
  const takes = action.endsWith('equal') ? 'source_labels and target_label' : 'a regex';
  for (const name of excludedFields.get(action) ?? []) {
    if (input[name] === undefined || input[name] === defaults[name]) continue;
    at.field(name).error(`the action ${action} takes only ${takes}`, { hint: `remove ${name}` });
  }
}

function isNameTemplate(text: string, scheme: NameValidationScheme): boolean {
  return scheme === 'utf8' ? isValidLabelName(text, 'utf8') : legacyTemplate.test(text);
}
