import { describe, expect, it } from 'vitest';
import { Rejections } from './rejections.js';
import { SpecValue } from './spec-value.js';

function specOf(value: unknown): { readonly spec: SpecValue; readonly rejections: Rejections } {
  const rejections = new Rejections();
  return { spec: SpecValue.root(value, 'spec', rejections), rejections };
}

describe('a value of a spec', () => {
  it('takes null and what is not there for absent', () => {
    const { spec, rejections } = specOf({ a: null });
    expect(spec.field('a').text()).toBeUndefined();
    expect(spec.field('b').bool()).toBeUndefined();
    expect(spec.field('b').field('c').items()).toEqual([]);
    expect(rejections.reasons).toEqual([]);
  });

  it('names the path of what has another type', () => {
    const { spec, rejections } = specOf({ list: [{ 'a b': 1 }], text: [], flag: 'true', map: 'x' });
    spec.field('list').items()[0]?.field('a b').text();
    spec.field('text').text();
    spec.field('flag').bool();
    spec.field('map').entries();
    spec.field('map').items();
    expect(rejections.reasons).toEqual([
      'spec.list[0]["a b"]: must be a text, got 1',
      'spec.text: must be a text, got a list',
      'spec.flag: must be true or false, got "true"',
      'spec.map: must be an object, got "x"',
      'spec.map: must be a list, got "x"',
    ]);
  });

  it('reads nothing from a prototype, and keeps __proto__ as a key like any other', () => {
    const { spec } = specOf(
      JSON.parse('{"__proto__": {"port": "x"}, "labels": {"__proto__": "y"}}'),
    );
    expect(spec.field('port').isPresent).toBe(false);
    expect(spec.field('toString').isPresent).toBe(false);
    expect(spec.field('labels').textMap()).toEqual([['__proto__', 'y']]);
  });

  it.each([[1.5], [2 ** 63], [Number.NaN], ['1'], [2n ** 63n]])(
    'has no whole number in %s',
    (value) => {
      const { spec, rejections } = specOf({ value });
      expect(spec.field('value').whole()).toBeUndefined();
      expect(rejections.isEmpty).toBe(false);
    },
  );

  it('has whole numbers of 64 bits and ports of 32', () => {
    const { spec, rejections } = specOf({
      big: 2n ** 63n - 1n,
      port: 8080,
      name: 'http',
      huge: 2 ** 31,
    });
    expect(spec.field('big').whole()).toBe(2n ** 63n - 1n);
    expect(spec.field('port').intOrText()).toBe(8080);
    expect(spec.field('name').intOrText()).toBe('http');
    expect(rejections.isEmpty).toBe(true);
    expect(spec.field('huge').intOrText()).toBeUndefined();
    expect(rejections.isEmpty).toBe(false);
  });

  it('shows only the beginning of what is long, and only so many reasons', () => {
    const { spec, rejections } = specOf(Array.from({ length: 100 }, () => 'x'.repeat(10_000)));
    for (const item of spec.items()) item.bool();
    expect(rejections.reasons).toHaveLength(21);
    expect(rejections.reasons.join('').length).toBeLessThan(5_000);
  });
});
