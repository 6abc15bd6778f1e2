import fc from 'fast-check';
import type { YamlLayout, YamlMap, YamlValue } from './yaml-writer.js';

export type Values = fc.Arbitrary<YamlValue>;
export type Fields = Readonly<Record<string, Values>>;

/**
 * Spellings that some type takes and others do not. `Null` is left out: Prometheus' own types take it for an empty text,
 * the Go allocator and we for nothing.
 */
export const odd: Values = fc.oneof(
  scalars('null', '~', '', '""', "''", 'yes', 'No', 'on', '"true"', 'TRUE', '!!str 5'),
  scalars('0', '-1', '0777', '0o17', '0x1F', '0b11', '08', '1e3', '1_000', '.5', '1.5', '"5"'),
  scalars('2001-01-01', '1:30', '18446744073709551615', '99999999999999999999', 'x', '.inf'),
  scalars('!!int 5', '!!int x', '!!bool yes', '!!float 3', '!foo bar', '!!binary aGk=', '"a\\nb"'),
  fc.constantFrom<YamlValue>({ list: [] }, { map: [] }, { list: [{ scalar: 'null' }] }),
  fc.constantFrom<YamlValue>({ list: [{ scalar: 'a' }] }, { map: [['a', { scalar: 'b' }]] }),
);

export function scalars(...texts: readonly string[]): Values {
  return fc.constantFrom(...texts).map((scalar) => ({ scalar }));
}

/** Spellings that fit, and now and then one that is refused. */
export function pool(fitting: readonly string[], refused: readonly string[]): Values {
  return fc.oneof(
    { weight: 60, arbitrary: scalars(...fitting) },
    { weight: 1, arbitrary: scalars(...refused) },
  );
}

/** Mostly a value that fits, sometimes one that hardly anything takes. */
export function field(fitting: Values): Values {
  return fc.oneof({ weight: 60, arbitrary: fitting }, { weight: 1, arbitrary: odd });
}

export function listOf(element: Values, maxLength = 3): Values {
  return fc.array(field(element), { maxLength }).map((list) => ({ list }));
}

export function mapOf(keys: fc.Arbitrary<string>, value: Values): Values {
  const entry = fc.tuple(keys, field(value));
  const entries = fc.oneof(
    { weight: 40, arbitrary: fc.uniqueArray(entry, { maxLength: 3, selector: ([key]) => key }) },
    { weight: 1, arbitrary: fc.array(entry, { maxLength: 3 }) },
  );
  return fc.tuple(entries, fc.boolean()).map(([map, flow]) => ({ map, flow }));
}

/**
 * Some of the fields, in any order, now and then an unknown one, one twice, or some of them merged in.
 *
 * @param presence Of a hundred, how often a field is there.
 */
export function structOf(fields: Fields, presence = 20): fc.Arbitrary<YamlMap> {
  const entries = Object.entries(fields).map(([key, value]) => {
    const some = field(value).map((item): [string, YamlValue][] => [[key, item]]);
    return fc.oneof(
      { weight: 100 - presence, arbitrary: fc.constant<[string, YamlValue][]>([]) },
      { weight: presence, arbitrary: some },
    );
  });
  const unknown = rarely(
    fc.constant<[string, YamlValue][]>([['unknown_key', { scalar: '1' }]]),
    [],
  );
  return fc
    .tuple(fc.tuple(unknown, ...entries), fc.integer({ min: 0, max: 40 }), fc.boolean())
    .map(([given, merged, flow]) => {
      const map = given.flat();
      if (merged >= map.length || merged === 0) return { map, flow: flow && merged > 35 };
      const inherited: YamlMap = { map: map.slice(0, merged), flow: true };
      return { map: [['<<', inherited], ...map.slice(merged)] };
    });
}

/** The required fields always, but for one time in fifty, and some of the others. */
export function structWith(
  required: Fields,
  optional: Fields,
  presence?: number,
): fc.Arbitrary<YamlMap> {
  const needed = Object.entries(required).map(([key, value]) =>
    rarely(fc.constant<[string, YamlValue][]>([]), undefined).chain((none) =>
      none === undefined
        ? field(value).map((item): [string, YamlValue][] => [[key, item]])
        : fc.constant(none),
    ),
  );
  return fc
    .tuple(fc.tuple(...needed), structOf(optional, presence))
    .map(([given, { map, ...style }]) => ({ map: [...given.flat(), ...map], ...style }));
}

export function rarely<T, U>(value: fc.Arbitrary<T>, otherwise: U): fc.Arbitrary<T | U> {
  return fc.oneof(
    { weight: 79, arbitrary: fc.constant(otherwise) },
    { weight: 1, arbitrary: value },
  );
}

/** Most of them such as our own reader takes, some such as only the library does. */
export const layouts: fc.Arbitrary<YamlLayout> = fc.record({
  isFlow: fc.nat(9).map((n) => n === 0),
  hasQuotedKeys: fc.boolean(),
  indent: fc.constantFrom(2, 2, 1, 4),
  isCompact: fc.boolean(),
  areListsAtKeys: fc.boolean(),
  lineEnd: fc.constantFrom('', '', '', '', '', ' ', ' # why', '\n', '\n# why', '\n   # why'),
  head: fc.constantFrom('', '', '', '# why\n', '\n', '---\n'),
  end: fc.constantFrom('\n', '\n', '', ' # why', '\n\n# why\n', '\n...\n'),
});
