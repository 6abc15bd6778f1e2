import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ParseResult } from '../../src/core/document/decoder.js';
import { formatByteSize, parseByteSize } from '../../src/core/duration/byte-size.js';
import { formatGoDuration, parseGoDuration } from '../../src/core/duration/go-duration.js';
import {
  formatPrometheusDuration,
  parsePrometheusDuration,
} from '../../src/core/duration/prometheus-duration.js';
import { formatGoUrl, parseGoUrl } from '../../src/core/scrape-config/go-url.js';
import {
  fieldSelectorProblem,
  labelSelectorProblem,
} from '../../src/core/scrape-config/kubernetes-selectors.js';
import { describeWithOracle, type Oracle, seedOfRun } from './oracle.js';

const textsPerRun = Number(process.env['ORACLE_VALUES'] ?? 5000);

interface GoText {
  readonly taken: boolean;
  readonly canonical: string;
  readonly redacted?: string;
}
const refused: GoText = { taken: false, canonical: '' };

/** Texts made of pieces that matter to a grammar. */
function textOf(pieces: readonly string[], maxLength = 8): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...pieces), { maxLength }).map((parts) => parts.join(''));
}

function canonicalBy<T>(
  parse: (text: string) => ParseResult<T>,
  format: (value: T) => string,
): (text: string) => GoText {
  return (text) => {
    const parsed = parse(text);
    return parsed.ok ? { taken: true, canonical: format(parsed.value) } : refused;
  };
}

function urlAnswer(text: string): GoText {
  const parsed = parseGoUrl(text);
  if (!parsed.ok) return refused;
  const redacted = formatGoUrl(parsed.url, { hidePassword: true });
  const canonical = formatGoUrl(parsed.url, { hidePassword: false });
  return { taken: true, canonical, ...(redacted === '' ? {} : { redacted }) };
}

const urlPieces = [
  ...[
    'http',
    'https',
    's',
    'HTTP',
    ':',
    '//',
    '/',
    '?',
    '#',
    '@',
    '[',
    ']',
    '::1',
    '%',
    '%25',
    '%2f',
  ],
  ...[
    '%41',
    '%C3%a9',
    '%zz',
    'é',
    ' ',
    'user',
    'p:w',
    'host',
    '.',
    ':80',
    '*',
    ',',
    "'",
    '"',
    '<',
    '+',
  ],
  ...[
    'fe80::1%25en0',
    '1.2.3.4',
    '::ffff:1.2.3.4',
    '1:2:3:4:5:6:7:8',
    '~',
    '\t',
    '😀',
    '^',
    '&=;',
    '%20',
  ],
];
const selectorPieces = [
  ...[
    'a',
    'b.c/d',
    'in',
    'notin',
    ' ',
    ',',
    '=',
    '==',
    '!=',
    '!',
    '(',
    ')',
    '<',
    '>',
    '5',
    '-1',
    'x_',
  ],
  ...['\\', '\\,', '\\=', 'é', '', 'A', '_', '.', '/', '\n', 'a'.repeat(64)],
];
const durationPieces = [
  ...[
    '1',
    '0',
    '15',
    '99999999999999999999',
    '.',
    '.5',
    '-',
    '+',
    'y',
    'w',
    'd',
    'h',
    'm',
    's',
    'ms',
  ],
  ...['us', 'µs', 'μs', 'ns', ' ', 'M', '007', '292', '8784'],
];
const sizePieces = [
  ...[
    '1',
    '0',
    '15',
    '.',
    '.5',
    '-',
    '+',
    'B',
    'KB',
    'KiB',
    'MB',
    'MiB',
    'GiB',
    'EB',
    'kB',
    'PiB',
    ' ',
  ],
  ...['1024', '7', '99999999999999999999', '1e3', '000'],
];

/** Shrunk texts on which we once differed, by what they are read as. */
const onceDifferent = new Map([
  ['field_selector', [',a', ',/']],
  [
    'go_duration',
    ['.99999999999999999999ns', '.599999999999999999999µs', '15.99999999999999999999ns'],
  ],
]);

describeWithOracle('texts with a grammar are read as Go reads them', (oracle) => {
  const agree = (name: string, texts: fc.Arbitrary<string>, ours: (text: string) => unknown) => {
    it(`agrees on ${name}`, async () => {
      const seed = seedOfRun(name);
      const sample = fc.sample(texts, { seed, numRuns: textsPerRun });
      await compareAll(oracle(), name, [...(onceDifferent.get(name) ?? []), ...sample], ours);
    });
  };

  agree(
    'url',
    fc.oneof(
      textOf(urlPieces, 10),
      textOf(urlPieces).map((t) => `http://${t}`),
    ),
    urlAnswer,
  );
  agree(
    'label_selector',
    textOf(selectorPieces),
    (text) => labelSelectorProblem(text) === undefined,
  );
  agree(
    'field_selector',
    textOf(selectorPieces),
    (text) => fieldSelectorProblem(text) === undefined,
  );
  agree(
    'prometheus_duration',
    textOf(durationPieces),
    canonicalBy(parsePrometheusDuration, formatPrometheusDuration),
  );
  // As milliseconds, a duration of years does not keep its nanoseconds.
  const lessThanYears = textOf(durationPieces.filter((piece) => !/^(292|8784)$/.test(piece)));
  agree('go_duration', lessThanYears, canonicalBy(parseGoDuration, formatGoDuration));
  agree('byte_size', textOf(sizePieces), canonicalBy(parseByteSize, formatByteSize));
});

async function compareAll(
  oracle: Oracle,
  name: string,
  texts: readonly string[],
  ours: (text: string) => unknown,
): Promise<void> {
  const expected = await oracle.ask<unknown>(name, texts);
  const pairs = texts.map((text, index) => ({ text, ours: ours(text), go: expected[index] }));
  const unequal = pairs.filter((pair) => JSON.stringify(pair.ours) !== JSON.stringify(pair.go));
  expect(unequal.toSorted((a, b) => a.text.length - b.text.length).slice(0, 10)).toEqual([]);
}
