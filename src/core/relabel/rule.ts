import type { NameValidationScheme } from '../labels/label-names.js';
import type { RelabelAction, RelabelConfig } from '../scrape-config/model.js';
import { compileRegex } from './compile-regex.js';
import type { Regex } from './regex.js';
import { RegexSyntaxError, RelabelConfigError } from './relabel.errors.js';
import { compileTemplate, type Template } from './template.js';

/** A relabel rule made ready to run: defaults filled in, regular expression and templates compiled. */
export interface RelabelRule {
  readonly config: RelabelConfig;
  readonly action: RelabelAction;
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  readonly regex: Regex;
  /** 0 where it is not given. */
  readonly modulus: bigint;
  /** As written. Only `replace` expands it. */
  readonly targetLabel: string;
  readonly targetTemplate: Template;
  readonly replacement: Template;
  readonly nameScheme: NameValidationScheme;
}

/** What holds for all rules of a list. */
export interface RelabelOptions {
  /** Which names `replace` may give; a rule whose name would not be valid changes nothing. @default 'utf8' */
  readonly nameValidationScheme?: NameValidationScheme;
}

const maxModulus = 2n ** 64n - 1n;

function modulusOf(config: RelabelConfig, index: number): bigint {
  const modulus = BigInt(config.modulus ?? 0);
  if (config.action === 'hashmod' && (modulus < 1n || modulus > maxModulus)) {
    throw new RelabelConfigError(index, 'hashmod needs a modulus from 1 to 18446744073709551615');
  }
  return modulus;
}

function regexOf(config: RelabelConfig, index: number): Regex {
  const source = config.regex ?? '(.*)';
  try {
    return compileRegex(source);
  } catch (cause) {
    if (!(cause instanceof RegexSyntaxError)) throw cause;
    throw new RelabelConfigError(index, `regex ${JSON.stringify(source)}: ${cause.problem}`, {
      cause,
    });
  }
}

/**
 * Makes a rule ready to run.
 *
 * @param index Where it stands in its list, for messages.
 * @throws {RelabelConfigError} `TA_RELABEL_CONFIG_INVALID`
 */
export function compileRule(
  config: RelabelConfig,
  index: number,
  options: RelabelOptions,
): RelabelRule {
  const regex = regexOf(config, index);
  const targetLabel = config.target_label ?? '';
  return {
    config,
    action: config.action ?? 'replace',
    sourceLabels: config.source_labels ?? [],
    separator: config.separator ?? ';',
    regex,
    modulus: modulusOf(config, index),
    targetLabel,
    targetTemplate: compileTemplate(targetLabel, regex),
    replacement: compileTemplate(config.replacement ?? '$1', regex),
    nameScheme: options.nameValidationScheme ?? 'utf8',
  };
}
