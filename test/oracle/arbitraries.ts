import fc from 'fast-check';
import type { RelabelAction, RelabelConfig } from '../../src/core/scrape-config/model.js';

/** Names that meet often, and that go wrong where names are taken for properties, numbers or UTF-16. */
const names = [
  '__address__',
  '__meta_pod',
  '__meta_service',
  '__tmp_a',
  '__proto__',
  'constructor',
  'toString',
  'job',
  'a',
  'A',
  'ab',
  'b',
  '0',
  '10',
  '9x',
  'a b',
  'größe',
  '\uffff',
  '\u{10000}',
];
const words = ['a', 'b', 'ab', 'A', 'aB1', 'x:9100', '10.0.0.1', 'ß', 'İSΣ', 'ſK', '💥', '\n', ';'];

export const labelName = fc.constantFrom(...names);

/**
 * Characters that no Unicode version since 15 has assigned or changed: the engine's tables are newer than those of Go
 * 1.26, and what is new differs.
 */
const character = fc
  .oneof(
    ...[
      fc.integer({ min: 0, max: 0x24f }),
      fc.integer({ min: 0x390, max: 0x3ff }),
      fc.integer({ min: 0x1e00, max: 0x1eff }),
      fc.integer({ min: 0x4e00, max: 0x4fff }),
      fc.integer({ min: 0xff01, max: 0xff5e }),
      fc.integer({ min: 0x10400, max: 0x1044f }),
      fc.integer({ min: 0x1f300, max: 0x1f5ff }),
      fc.integer({ min: 0x10ff00, max: 0x10ffff }),
    ],
  )
  .map((code) => String.fromCodePoint(code));

export const labelValue = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('', ...words) },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.constantFrom(...words, '-', '.', '/'), { maxLength: 4 })
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: character, maxLength: 12 }) },
);

export const labels = fc
  .uniqueArray(labelName, { maxLength: 8 })
  .chain((chosen) => fc.tuple(...chosen.map((name) => fc.tuple(fc.constant(name), labelValue))));

const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '*?', '+?', '{0,}');
const atom = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom('a', 'b', '.', '.', 'x', ':', ';', '\\.', '_', 'ß', 'K'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...['[a-z]', '[^a]', '[[:alpha:]]', '[]a-]', '[\\d_]', '\\d', '\\w', '\\W', '\\s', '\\pL'],
      ...['\\p{Lu}', '\\PN', '\\p{Greek}', '[^\\PL]', '\\Qa.\\E', '\\x41', '\\x{1F4A5}', '\\n'],
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('^', '$', '\\b', '\\B', '\\z', '\\A', '(?i)', '(?U)') },
);

const { pattern } = fc.letrec<{ pattern: string; piece: string; group: string }>((tie) => ({
  pattern: fc
    .array(
      fc.array(tie('piece'), { maxLength: 4 }).map((pieces) => pieces.join('')),
      { minLength: 1, maxLength: 2, depthIdentifier: 'pattern' },
    )
    .map((branches) => branches.join('|')),
  piece: fc
    .tuple(
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        { weight: 4, arbitrary: atom },
        { weight: 2, arbitrary: tie('group') },
      ),
      quantifier,
    )
    .map((parts) => parts.join('')),
  group: fc
    .tuple(
      fc.constantFrom(
        '(',
        '(',
        '(?:',
        '(?i:',
        '(?s:',
        '(?-s:',
        '(?P<n>',
        '(?P<x1>',
        '(?<n>',
        '(?m:',
      ),
      tie('pattern'),
    )
    .map(([open, inner]) => `${open}${inner})`),
}));

const common = fc.constantFrom(
  ...['(.*)', '.*', '(.+)', '.+', 'a', '(a|b)', 'a|b|', '(?:a|ab)', 'a(.*)', '(a.*)', 'a.+', '()'],
  ...[
    '([^:]+)(?::\\d+)?;(\\d+)',
    '(.*);(.*)',
    '__meta_(.+)',
    '_?_?(meta|tmp)_(.+)',
    '10\\.0\\.(.*)',
  ],
  ...[
    'a)|(b',
    '(?P<n>a)|(?P<n>b)',
    '(?P<constructor>.)(.*)',
    '(?P<__proto__>.)(.*)',
    '\\|',
    'a\\|b',
  ],
);

/** Mostly valid expressions, over the characters that the label values are made of. */
export const regex = fc.oneof(
  { weight: 3, arbitrary: common },
  { weight: 5, arbitrary: pattern },
  {
    weight: 1,
    arbitrary: fc.stringMatching(/^[ab.*+?()[\]{}|\\^$\-:<>P1,]{0,10}$/),
  },
);

/** Every form of `$` in a template, and some text. */
export const template = fc
  .array(
    fc.oneof(
      fc.constantFrom('$1', '${1}', '$2', '$n', '${n}', '${x1}', '$x1', '$0', '$10', '$1x', '$01'),
      fc.constantFrom('$$', '$', '${', '${1', '${}', '$-', '$ß', '${größe}', '$１', '$1234567890'),
      fc.constantFrom('a', 'b', 'x', '_', '__meta_', 'ß', ' ', '1', '}', '{', '\u{10000}'),
    ),
    { maxLength: 3 },
  )
  .map((parts) => parts.join(''));

const modulus = fc.oneof(
  fc.integer({ min: 1, max: 10 }),
  fc.integer({ min: 0x3ffff00, max: 0x4000100 }),
  fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
);
const sources = fc.uniqueArray(labelName, { maxLength: 3 });
const separator = fc.constantFrom(';', ';', '', ' ', '-', 'ß');
const targetLabel = fc.oneof(
  { weight: 5, arbitrary: labelName },
  { weight: 1, arbitrary: template.filter((text) => text !== '') },
);

type Fields = Record<string, fc.Arbitrary<unknown>>;

/** A rule that may lack some of its fields. */
const partial = (action: RelabelAction, fields: Fields): fc.Arbitrary<RelabelConfig> =>
  fc.record({ action: fc.constant(action), ...fields }, { requiredKeys: ['action'] });
/** A rule with all of its fields. */
const complete = (action: RelabelAction, fields: Fields): fc.Arbitrary<RelabelConfig> =>
  fc.record({ action: fc.constant(action), ...fields });
const needed = { source_labels: sources, target_label: labelName };

/** Rules of all actions, valid ones but for some regular expressions. */
export const relabelConfig: fc.Arbitrary<RelabelConfig> = fc.oneof(
  {
    weight: 6,
    arbitrary: complete('replace', {
      source_labels: sources,
      separator,
      regex,
      target_label: targetLabel,
      replacement: template,
    }),
  },
  { weight: 1, arbitrary: complete('replace', { target_label: targetLabel }) },
  { weight: 1, arbitrary: complete('replace', { ...needed, replacement: template }) },
  { weight: 1, arbitrary: partial('keep', { source_labels: sources, separator, regex }) },
  { weight: 1, arbitrary: partial('drop', { source_labels: sources, separator, regex }) },
  { weight: 1, arbitrary: complete('keepequal', needed) },
  { weight: 1, arbitrary: complete('dropequal', needed) },
  { weight: 2, arbitrary: complete('hashmod', { ...needed, separator, modulus }) },
  {
    weight: 3,
    arbitrary: complete('labelmap', { regex, replacement: template.filter((t) => t !== '') }),
  },
  { weight: 1, arbitrary: complete('labeldrop', { regex }) },
  { weight: 1, arbitrary: complete('labelkeep', { regex }) },
  { weight: 2, arbitrary: complete('lowercase', { ...needed, separator }) },
  { weight: 2, arbitrary: complete('uppercase', { ...needed, separator }) },
);
