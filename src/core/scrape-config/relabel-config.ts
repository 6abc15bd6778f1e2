import { list, struct } from '../document/collections.js';
import type { Cursor } from '../document/cursor.js';
import {
  type Decoded,
  type Decoder,
  parsedText,
  refined,
  text,
  unsigned,
} from '../document/decoder.js';
import type { NameValidationScheme } from '../labels/label-names.js';
import { compileRegex } from '../relabel/compile-regex.js';
import { RegexSyntaxError } from '../relabel/relabel.errors.js';
import { checkRelabelRule } from './check-relabel-rule.js';
import type { RelabelAction, RelabelConfig } from './model.js';
import { labelName } from './name-schemes.js';
import { omitEmpty } from './omit-empty.js';

/** The actions, in the order of Prometheus' documentation. */
export const relabelActions = [
  'replace',
  'lowercase',
  'uppercase',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
] as const satisfies readonly RelabelAction[];

const action = parsedText<RelabelAction | ''>((written) => {
  const known = relabelActions.find((name) => name === written.toLowerCase());
  if (known !== undefined) return { ok: true, value: known };
  return { ok: false, message: 'unknown action', hint: `use one of ${relabelActions.join(', ')}` };
}, '');

const regex = parsedText((written) => {
  try {
    return { ok: true, value: compileRegex(written).source };
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error;
    return {
      ok: false,
      message: error.message
        .replace('TA_REGEX_INVALID: ', '')
        .replace(` in regex ${JSON.stringify(written)}`, ''),
      hint: 'use the syntax of RE2 (https://github.com/google/re2/wiki/Syntax)',
    };
  }
}, '');

const fields = struct({
  source_labels: list(labelName),
  separator: text,
  regex,
  modulus: unsigned,
  target_label: text,
  replacement: text,
  action,
});

/** What is written of a rule. */
export type RelabelInput = Decoded<typeof fields>;

const decoders = { utf8: relabelConfigFor('utf8'), legacy: relabelConfigFor('legacy') };

/**
 * One rule of `relabel_configs` or `metric_relabel_configs`. A `regex` that was not written stays absent: Prometheus
 * tells a written `(.*)` from the default.
 *
 * @param scheme Which label names the job allows.
 */
export function relabelConfig(scheme: NameValidationScheme): Decoder<RelabelConfig> {
  return decoders[scheme];
}

function relabelConfigFor(scheme: NameValidationScheme): Decoder<RelabelConfig> {
  return refined(fields, (input, at: Cursor) => {
    checkRelabelRule(input, scheme, at);
    const { source_labels, separator = ';', modulus, target_label, replacement = '$1' } = input;
    return {
      ...omitEmpty({ source_labels, modulus, target_label }),
      separator,
      ...(input.regex === undefined ? {} : { regex: input.regex }),
      replacement,
      action: input.action === undefined || input.action === '' ? 'replace' : input.action,
    };
  });
}
