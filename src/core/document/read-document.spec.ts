import { describe, expect, it } from 'vitest';
import { anything } from './anything.js';
import { Cursor } from './cursor.js';
import { readDocument } from './read-document.js';

function valueOf(text: string): unknown {
  const document = readDocument(text, { file: 'a.yaml' });
  expect(document.problems).toEqual([]);
  return anything.decode(Cursor.ofDocument(document));
}

function refusal(text: string, options: { maxSize?: number; maxDepth?: number } = {}) {
  const { problems } = readDocument(text, { file: 'a.yaml', ...options });
  expect(problems).not.toEqual([]);
  return problems[0];
}

describe('readDocument', () => {
  it.each([
    ['', null],
    ['# nothing\n', null],
    ['a: 1\n---\nb: [\n', { a: 1 }],
    ['{"a": [1, "2", true, null]}', { a: [1, '2', true, null] }],
    [
      'a: yes\nb: "yes"\nc: 0777\nd: 1_000\ne: 1e3\nf: ~',
      { a: true, b: 'yes', c: 511, d: 1000, e: 1000, f: null },
    ],
    [
      'a: 0o17\nb: 0x1F\nc: 0b11\nd: 089\ne: 2001-01-01\nf: 1:30',
      { a: 15, b: 31, c: 3, d: 89, e: '2001-01-01', f: '1:30' },
    ],
    [
      'a: !!str 5\nb: !foo bar\nc: !!binary aGk=\nd: !!float 3',
      { a: '5', b: 'bar', c: 'hi', d: 3 },
    ],
    ['x: &x {a: 1, b: 2}\ny: *x\n', { x: { a: 1, b: 2 }, y: { a: 1, b: 2 } }],
    ['x: &x {a: 1}\ny: {<<: *x, b: 2}', { x: { a: 1 }, y: { a: 1, b: 2 } }],
    ['y: {<<: [{a: 1}, {a: 2, b: 2}]}', { y: { a: 1, b: 2 } }],
    ['y: {"<<": {a: 1}}', { y: { '<<': { a: 1 } } }],
    ['__proto__: {constructor: 1}', JSON.parse('{"__proto__":{"constructor":1}}')],
    ['a: |\n  x', { a: 'x' }],
    ['a: |+\n  x\n\n', { a: 'x\n\n' }],
    ['a: |\n  x\n  y\nb: >\n  x\n  y\n', { a: 'x\ny\n', b: 'x y\n' }],
    [
      'a: 18446744073709551615\nb: -9223372036854775808',
      { a: 18446744073709551615n, b: -9223372036854775808n },
    ],
  ])('reads %j as Go does', (text, expected) => {
    expect(valueOf(text)).toEqual(expected);
  });

  it('lets keys after a merge win over the merged ones, and a merge over the keys before it', () => {
    expect(valueOf('{a: 1, <<: {a: 2, b: 2}, b: 3}')).toEqual({ a: 2, b: 3 });
  });

  it.each([
    ['a: 1\nb: 2\na: 3\n', 3, 'the key "a" is there twice'],
    ['a: 1\n\tb: 2\n', 2, 'tab'],
    ['a: [1\nb: 2', 2, ''],
    ['a: *nowhere', 1, 'the anchor "nowhere" is not known'],
    ['a: &x [*x]', 1, 'the anchor "x" contains itself'],
    ['<<: 5', 1, 'a merge (<<) needs a mapping'],
    ['a: 1\n? [b]\n: 2\n', 2, 'a key must be a text'],
    ['a: "\u0001"', 1, 'control characters are not allowed'],
  ])('refuses %j and names the line', (text, line, message) => {
    const problem = refusal(text);
    expect(problem?.line).toBe(line);
    expect(problem?.message.toLowerCase()).toContain(message);
  });

  it('refuses a text that is too large before it parses it', () => {
    expect(refusal('a'.repeat(101), { maxSize: 100 })?.message).toContain('101 characters');
  });

  it('refuses what is nested too deep, written out or by aliases', () => {
    expect(refusal('['.repeat(100_000))?.message).toContain('nested deeper than 64');
    expect(refusal('a:\n'.split('').join('') + ' - '.repeat(200))?.message).toContain(
      'nested deeper',
    );
    const chain = Array.from(
      { length: 80 },
      (_, i) => `a${String(i + 1)}: &a${String(i + 1)} [*a${String(i)}]`,
    );
    expect(refusal(`a0: &a0 [x]\n${chain.join('\n')}`)?.message).toContain('nested deeper');
  });

  it('refuses an alias bomb', () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) =>
        `l${String(i + 1)}: &l${String(i + 1)} [${Array(9)
          .fill(`*l${String(i)}`)
          .join(', ')}]`,
    );
    expect(refusal(`l0: &l0 [x,x,x,x,x,x,x,x,x]\n${levels.join('\n')}`)?.message).toContain(
      'excessive aliasing',
    );
  });

  it('reads a document with many aliases to small things', () => {
    const items = Array.from({ length: 5_000 }, (_, i) => `  - {<<: *base, name: n${String(i)}}`);
    const value = valueOf(`base: &base {a: 1}\nitems:\n${items.join('\n')}\n`);
    expect(value).toMatchObject({ items: { length: 5_000 } });
  });
});
