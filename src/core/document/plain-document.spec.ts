import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWithLibrary } from './library-document.js';
import type { DocumentNode } from './node.js';
import { readPlainDocument } from './plain-document.js';
import { toEnd } from './steps.js';

function plain(text: string): DocumentNode | undefined {
  return toEnd(readPlainDocument(text));
}

/** The library does not say where mappings end. */
function withoutEnds(node: DocumentNode | undefined): DocumentNode | undefined {
  if (node?.kind === 'sequence')
    return { ...node, items: node.items.map((item) => withoutEnds(item) ?? item) };
  if (node?.kind !== 'mapping') return node;
  const { end, ...others } = node;
  expect(end).toBeGreaterThan(node.offset ?? 0);
  const entries = new Map(
    Array.from(node.entries, ([name, entry]) => [
      name,
      { ...entry, value: withoutEnds(entry.value) ?? entry.value },
    ]),
  );
  return { ...others, entries };
}

/** Values that configurations are made of, and what makes them something else. */
const scalars = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom(
      ...[
        'a',
        'null',
        '~',
        '5',
        '.5',
        '-5',
        '30s',
        '/metrics',
        'x y',
        'a:b',
        'host-1:9090',
        '(.*)',
      ],
      ...['"a"', '"x: y"', '"a\\n\\u00e9\\"b"', "'it''s'", '"#"', '""', "''", 'a#b', 'é', '$1;$2'],
      ...['"long enough to be a slice of the text"', 'long enough to be a slice of the text'],
      ...['__proto__', 'http://a.example:80/x?y=z#f', 'a\u00a0', '^(a|b)$', '=', 'a"b', "it's"],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...['', '-', '?', '- a', 'a: b', 'a:', '&a b', '*a', '!!str 5', '|', '>-', '%a', '@a', '`a'],
      ...['"a', "'a", '"a\\x41"', '"\\ud83d"', '"a" b', '"a": b', '---', '...', '\t', 'a\tb', '#a'],
      ...[
        '[',
        ']',
        '{a}',
        '[a: b]',
        '{a: }',
        '[a,]',
        '[,]',
        '{a, b}',
        '{"a":1,"a":2}',
        '[a #b',
        '<<',
      ],
    ),
  },
);
const flow = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalars,
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc
      .array(fc.tuple(fc.constantFrom('a: ', '"b":', "'c' : ", 'd.e: ', 'f:'), tie('value')), {
        maxLength: 3,
      })
      .map((entries) => `{${entries.map((entry) => entry.join('')).join(' ,')}}`),
  ),
})).value;
const line = fc
  .record({
    indent: fc.constantFrom(0, 0, 2, 2, 4, 4, 6, 1, 3),
    dashes: fc.constantFrom('', '', '', '- ', '- ', '-   ', '- - ', '-'),
    key: fc.constantFrom('a:', 'b: ', 'job_name: ', 'c:  ', '', '<<: ', 'd :', '"e": ', 'f.g/h: '),
    value: fc.oneof({ weight: 2, arbitrary: flow }, { weight: 1, arbitrary: fc.constant('') }),
    end: fc.constantFrom('', '', '', '', ' ', ' # why', '\n', '\n  # why', '#'),
  })
  .map(
    ({ indent, dashes, key, value, end }) => `${' '.repeat(indent)}${dashes}${key}${value}${end}`,
  );
/** Lines whose indentation mostly fits, since each follows from the one above. */
const block = fc
  .letrec<{ lines: readonly string[] }>((tie) => ({
    lines: fc.oneof(
      { depthSize: 'small' },
      fc
        .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), flow), { maxLength: 3 })
        .map((entries) => entries.map(([key, value]) => `${key}: ${value}`)),
      fc
        .tuple(fc.constantFrom('e', 'f'), fc.constantFrom(0, 2), tie('lines'))
        .map(([key, indent, lines]) => [`${key}:`, ...lines.map((l) => ' '.repeat(indent) + l)]),
      fc
        .array(tie('lines'), { maxLength: 3 })
        .map((items) => items.flatMap((lines) => lines.map((l, i) => (i === 0 ? '- ' : '  ') + l))),
      fc.tuple(tie('lines'), tie('lines')).map(([a, b]) => [...a, '', '# why', ...b]),
      fc
        .record({
          head: fc.constantFrom('g: |', 'h: |-', '- |', '- i: |', 'j: | ', 'k: >', '|'),
          indent: fc.constantFrom('  ', '  ', '    ', ' ', ''),
          text: fc.array(fc.constantFrom('a', '', ' b', 'c: d', '# e', '- f', '  ', '"', '...')),
        })
        .map(({ head, indent, text }) => [
          head,
          ...text.map((line) => (line === '' ? '' : indent + line)),
        ]),
    ),
  }))
  .lines.map((lines) => lines.join('\n'));
const json = fc
  .tuple(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 2))
  .map(([value, indent]) => JSON.stringify(value, undefined, indent));
const texts = fc.oneof(
  block,
  fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n')),
  json,
  fc.tuple(block, line).map((parts) => parts.join('\n')),
);

describe('readPlainDocument', () => {
  it('reads nothing otherwise than the library does', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(texts, fc.constantFrom('', '\n'), (text, end) => {
        const read = plain(text + end);
        fc.pre(read !== undefined);
        expect(withoutEnds(read)).toEqual(readWithLibrary(text + end, 64));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a: 1\nb:\n- c: [d, "e"]\n  f: {g: h}\n-   - i\n', 'lists, also as deep as their key'],
    ['# why\na: b # c\n\nd:\n  e: f\n', 'comments'],
    ['{"a": [1, {"b": "\\u00e9"}],\n "c": {}}', 'JSON over several lines'],
    ['a:\nb: 1\n', 'keys without a value'],
    ['a: |\n  b\n\n   c\n\nd:\n- |-\n # e\n- f: |  \n    g\n', 'texts over several lines'],
  ])('reads %j itself: %s', (text) => {
    expect(withoutEnds(plain(text))).toEqual(readWithLibrary(text, 64));
  });

  it.each([
    ['a: &x 1\nb: *x\n', 'anchors'],
    ['a: >\n  b\n', 'folded texts'],
    ['a: |\n  b', 'a text without an end of its last line'],
    ['a: |\n  b\n \n', 'a text with a line of spaces'],
    ['a: |\n\n  b\n', 'a text that begins with an empty line'],
    ['a:\n  b: |\n      c\n    d\n', 'a text that is hardly less deep in its next line'],
    ['a: |+\n  b\n\n', 'a text that keeps its empty lines'],
    ['a: b\n  c\n', 'texts over two lines'],
    ['a: 1\na: 2\n', 'keys that come twice'],
    ['a: [b\n', 'what is not closed'],
    ['--- {a: 1}\n', 'directives'],
    ['a:\tb\n', 'tabs'],
    ['', 'nothing'],
  ])('leaves %j to the library: %s', (text) => {
    expect(plain(text)).toBeUndefined();
  });

  it('lets others go on in between, however long the text is', () => {
    const entries = Array.from({ length: 1_000 }, (_, n) => `"k${String(n)}": ${String(n)}`);
    for (const text of [`{${entries.join(',')}}`, entries.join('\n').replaceAll('"', '')]) {
      expect([...readPlainDocument(text)].length).toBeGreaterThan(10);
    }
  });
});
