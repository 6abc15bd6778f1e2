import { describe, expect, it } from 'vitest';
import { list, listOfPresent, mapOf, struct } from './collections.js';
import { Cursor } from './cursor.js';
import {
  bool,
  type Decoder,
  float,
  nullable,
  oneOf,
  parsedText,
  signed,
  text,
  unsigned,
} from './decoder.js';
import { describeProblem } from './problem.js';
import { readDocument } from './read-document.js';
import { secret } from './secret-decoder.js';
import { Secret } from './secret.js';

function decode<T>(decoder: Decoder<T>, yaml: string, strict = false) {
  const at = Cursor.ofDocument(readDocument(yaml, { file: 'a.yaml' }), { strict });
  return { value: decoder.decode(at), problems: at.problems };
}

describe('scalars', () => {
  it.each([
    ['a text keeps its spelling', text, '0777', '0777'],
    ['a text keeps its spelling', text, 'yes', 'yes'],
    ['a text keeps its spelling', text, '1e3', '1e3'],
    ['a text may be a date', text, '2001-01-01', '2001-01-01'],
    ['a quoted null is a text', text, '"null"', 'null'],
    ['null is the empty text', text, '~', ''],
    ['binary is decoded', text, '!!binary aGk=', 'hi'],
    ['a truth value of YAML 1.1', bool, 'on', true],
    ['a truth value of YAML 1.1', bool, 'N', false],
    ['null is false', bool, '', false],
    ['null is no value of a nullable', nullable(bool), 'Null', undefined],
    ['octal', unsigned, '0777', 511],
    ['octal as YAML 1.2 has it', unsigned, '0o17', 15],
    ['hexadecimal', unsigned, '0xff', 255],
    ['binary digits', unsigned, '0b11', 3],
    ['underscores', unsigned, '1_000', 1000],
    ['a fraction is cut off', unsigned, '3.9', 3],
    ['the largest', unsigned, '18446744073709551615', 18446744073709551615n],
    ['a negative number', signed, '-5', -5],
    ['a whole number is a number', float, '2', 2],
    ['an exponent', float, '1e-3', 0.001],
    ['infinity', float, '.inf', Infinity],
    ['null is nothing to a set of words', oneOf(['a', 'b'], undefined), '', undefined],
  ] as const)('%s: %s of %j', (_, decoder: Decoder<unknown>, yaml, expected) => {
    expect(decode(decoder, yaml)).toEqual({ value: expected, problems: [] });
  });

  it.each([
    ['a quoted number', unsigned, '"5"'],
    ['a negative number', unsigned, '-1'],
    ['a number that is too large', unsigned, '18446744073709551616'],
    ['not a number', unsigned, '.nan'],
    ['a quoted truth value', bool, '"true"'],
    ['a number', bool, '1'],
    ['a list', text, '[a]'],
    ['a mapping', float, '{a: 1}'],
    ['a wrong tag', text, '!!int x'],
    ['an unknown word', oneOf(['a'], ''), 'b'],
    ['a text that cannot be parsed', parsedText(() => ({ ok: false, message: 'no' }), 0), 'x'],
  ] as const)('refuses %s', (_, decoder: Decoder<unknown>, yaml) => {
    const { value, problems } = decode(decoder, yaml);
    expect(value).toBeUndefined();
    expect(problems).toMatchObject([{ severity: 'error', file: 'a.yaml', line: 1 }]);
  });

  it('never shows a secret in a problem', () => {
    const { problems } = decode(
      struct({ password: secret, other: mapOf(secret) }),
      'password: [hunter2]\nother: {a: {b: hunter3}}\n',
    );
    expect(problems).toHaveLength(2);
    expect(JSON.stringify(problems)).not.toContain('hunter');
    const at = Cursor.ofValue({ n: new Secret('hunter4') }, 'a plugin');
    struct({ n: unsigned }).decode(at);
    expect(at.problems).toHaveLength(1);
    expect(JSON.stringify(at.problems)).not.toContain('hunter');
  });
});

describe('collections', () => {
  const person = struct({ name: text, age: unsigned, tags: list(text) });

  it('reads the known keys and leaves out those that are not there', () => {
    expect(decode(person, 'name: ann\ntags: [a, ~, 5]').value).toEqual({
      name: 'ann',
      tags: ['a', '', '5'],
    });
  });

  it('tells an empty list from none', () => {
    expect(decode(person, 'tags: []').value).toEqual({ tags: [] });
    expect(decode(person, 'tags:').value).toEqual({});
  });

  it('reports every problem with its line, path and what was meant', () => {
    const { problems } = decode(
      struct({ people: list(person) }),
      'people:\n  - name: [x]\n    agee: 5\n  - {age: old}\n',
    );
    expect(problems.map(describeProblem)).toEqual([
      'a.yaml:2:11: people[0].name: expected a text, got a list',
      'a.yaml:3:5: people[0].agee: unknown key; did you mean "age"?',
      'a.yaml:4:11: people[1].age: expected a whole number from 0 to 18446744073709551615, without quotes, got "old"',
    ]);
    expect(problems.map(({ severity }) => severity)).toEqual(['error', 'warning', 'error']);
  });

  it('makes unknown keys errors when it reads strictly', () => {
    expect(decode(person, 'x: 1', true).problems).toMatchObject([{ severity: 'error', path: 'x' }]);
  });

  it('keeps the keys of users apart from those of JavaScript', () => {
    const { value } = decode(mapOf(text), '__proto__: a\nconstructor: b\n"a.b c": d\n');
    expect(Object.entries(value ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['a.b c', 'd'],
    ]);
    expect(Object.getPrototypeOf(value)).toBeNull();
  });

  it('reports a null where an element must be', () => {
    expect(decode(listOfPresent(person, 'person'), '- ~\n- name: x\n')).toMatchObject({
      value: [{ name: 'x' }],
      problems: [{ path: '[0]', message: 'empty or null person' }],
    });
  });

  it('reports a key that comes by a merge and once more', () => {
    const yaml = '{<<: {a: 1}, a: 2}';
    expect(decode(mapOf(text), yaml)).toMatchObject({
      value: { a: '2' },
      problems: [{ severity: 'warning', path: 'a' }],
    });
    expect(decode(mapOf(text), yaml, true).problems).toMatchObject([{ severity: 'error' }]);
  });

  it('reads plain data by the same decoders', () => {
    const at = Cursor.ofValue({ name: 'ann', age: 5n, tags: ['true'] }, 'Person ann');
    expect(person.decode(at)).toEqual({ name: 'ann', age: 5, tags: ['true'] });
    const wrong = Cursor.ofValue({ age: '5' }, 'Person ann');
    person.decode(wrong);
    expect(wrong.problems).toMatchObject([{ file: 'Person ann', path: 'age', value: '5' }]);
  });
});
