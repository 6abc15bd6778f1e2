import { list, struct } from '../document/collections.js';
import { type Decoded, parsedText, text, unsigned } from '../document/decoder.js';
import { compileRegex } from '../relabel/compile-regex.js';
import { RegexSyntaxError } from '../relabel/relabel.errors.js';
import type { RelabelAction } from './model.js';
import { labelName } from './name-schemes.js';

/** The actions, in the order of Prometheus' documentation. */
const relabelActions = [
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

/**
 * What was compiled last. Thousands of jobs have the same few expressions, and each job is decoded twice: as it is written
 * and as collectors read it.
 */
const compiled = new Set<string>();
const mostCompiled = 1_000;
const longestCompiled = 1_000;

function remember(source: string): void {
  if (source.length > longestCompiled) return;
  // All at once: what is still in use is soon back.
  if (compiled.size >= mostCompiled) compiled.clear();
  compiled.add(source);
}

const regex = parsedText((written) => {
  if (compiled.has(written)) return { ok: true, value: written };
  try {
    compileRegex(written);
    remember(written);
    return { ok: true, value: written };
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

/** The fields of a rule. */
export const relabelFields = struct({
  source_labels: list(labelName),
  separator: text,
  regex,
  modulus: unsigned,
  target_label: text,
  replacement: text,
  action,
});

/** What is written of a rule. */
export type RelabelInput = Decoded<typeof relabelFields>;
