import fc from 'fast-check';
import { labelName, regex, templates, text } from './value-arbitrary.js';
import { listOf, odd, rarely, scalars, structOf, structWith } from './yaml-arbitrary.js';
import type { YamlMap } from './yaml-writer.js';

const relabelRule = structOf(
  {
    source_labels: listOf(labelName),
    separator: scalars(';', '","', '""'),
    regex,
    modulus: scalars('8', '0', '18446744073709551615', '0x10'),
    target_label: fc.oneof(labelName, templates),
    replacement: fc.oneof(templates, text),
  },
  30,
).chain(({ map, ...style }) =>
  rarely(odd, undefined).chain((wrong) =>
    scalars(
      ...['replace', 'keep', 'drop', 'hashmod', 'labelmap', 'labeldrop', 'labelkeep'],
      ...['lowercase', 'Uppercase', 'keepequal', 'dropequal', 'REPLACE'],
    ).map((action) => ({ map: [...map, ['action', wrong ?? action] as const], ...style })),
  ),
);

const simpleRule = fc.oneof(
  structWith(
    { source_labels: listOf(labelName), regex },
    { separator: text, replacement: text },
  ).map(({ map }): YamlMap => ({ map: [...map, ['action', { scalar: 'keep' }]] })),
  structWith({ target_label: labelName }, { replacement: text, source_labels: listOf(labelName) }),
);
export const relabelRules = listOf(
  fc.oneof({ weight: 6, arbitrary: simpleRule }, { weight: 1, arbitrary: relabelRule }),
);
