import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { errorText } from './error-text.js';

describe('the text of an error', () => {
  it('says what is wrong', () => {
    expect(errorText(503, 'not known yet, waiting for a')).toBe(
      '503 service unavailable (not known yet, waiting for a)',
    );
    expect(errorText(431)).toBe('431 request header fields too large');
    expect(errorText(599)).toBe('599 error');
  });

  it.each([
    'a: b',
    'a:',
    ': a',
    '{}',
    '[]',
    '- a',
    'a\n---\nb: c',
    'x #: y',
    '"a": 1',
    'a:\tb',
    ': ##b',
    'a :: b',
  ])('is a YAML scalar for the detail %j', (detail) => {
    expect(scalarOf(errorText(503, detail))).toMatch(/^503 /);
  });

  it('is one line and a YAML scalar for every detail', () => {
    const hostile = fc.array(
      fc.oneof(
        fc.constantFrom(': ', ':', '#', '\n', '- ', '{', '}', '[', ']', '"', "'", '---', '\u2028'),
        fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
      ),
    );
    fc.assert(
      fc.property(hostile, fc.constantFrom(400, 404, 500, 503), (parts, status) => {
        const text = errorText(status, parts.join(''));
        expect(text).not.toMatch(/[\r\n]/);
        expect(scalarOf(text)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});

function scalarOf(text: string): unknown {
  const document = parseDocument(text);
  expect(document.errors).toEqual([]);
  return document.toJS();
}
