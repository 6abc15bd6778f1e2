import type { Cursor } from '../document/cursor.js';
import { type Decoder, refined } from '../document/decoder.js';
import type { NameValidationScheme } from '../labels/label-names.js';
import { checkRelabelRule } from './check-relabel-rule.js';
import type { RelabelConfig } from './model.js';
import { omitEmpty } from './omit-empty.js';
import { relabelFields } from './relabel-fields.js';

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
  return refined(relabelFields, (input, at: Cursor) => {
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
