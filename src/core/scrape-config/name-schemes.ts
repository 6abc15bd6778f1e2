import { type Decoder, oneOf, parsedText, type ParseResult } from '../document/decoder.js';
import { isValidLabelName, type NameValidationScheme } from '../labels/label-names.js';

/** `metric_name_validation_scheme`; the empty text stands for "not set". */
export const validationScheme: Decoder<NameValidationScheme | ''> = oneOf(
  ['legacy', 'utf8', ''],
  '',
);

/** How names that a target cannot give as they are come escaped. */
export const escapingSchemes = ['allow-utf-8', 'underscores', 'dots', 'values'] as const;
export type NameEscapingScheme = (typeof escapingSchemes)[number];

/** `metric_name_escaping_scheme`; the empty text stands for "not set". */
export const escapingScheme: Decoder<NameEscapingScheme | ''> = oneOf([...escapingSchemes, ''], '');

/** The escaping that goes with a validation scheme. */
export function defaultEscaping(scheme: NameValidationScheme): NameEscapingScheme {
  return scheme === 'legacy' ? 'underscores' : 'allow-utf-8';
}

/**
 * A label name as a key or list element: any text but the empty one, whatever the validation scheme of the job. Null
 * passes as the empty name, as in Prometheus.
 */
export const labelName: Decoder<string> = parsedText(
  (text): ParseResult<string> =>
    isValidLabelName(text, 'utf8')
      ? { ok: true, value: text }
      : { ok: false, message: 'a label name must not be empty' },
  '',
  'a label name',
);
