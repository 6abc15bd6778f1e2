import fc from 'fast-check';

/** Where something stands in a value. */
type Path = readonly (string | number)[];

/** What stands there instead, or `removed`. */
type Change = (former: unknown) => unknown;

const removed = Symbol('removed');
const longText = 'x'.repeat(1 << 20);
const hostileKeys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '\0', '\ud800'];

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 'core';
  for (let level = 0; level < depth; level += 1) value = wrap(value);
  return value;
}

/** Values of every type, and texts that break whoever is careless with them. */
const values: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 2 ** 53, -(2 ** 63), 1e308, [], {}),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\ud800',
    '\udc00\ud800',
    '\u2028',
    '\n',
    '$',
    '${',
    '$(SHARD)',
    '%',
  ),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'null', '0x1F', '1e999', 'NaN', '-0'),
  fc.constantFrom('((((((((((', '(a+)+$', 'a{1000}{1000}', '(?P<a>'.repeat(100), '['.repeat(1000)),
  fc.constantFrom(
    '(a|b|c|d)'.repeat(20_000),
    'a?'.repeat(5000) + 'a'.repeat(5000),
    '\\Q'.repeat(500),
  ),
  fc.constantFrom(
    'http://[',
    'http://%',
    '://',
    '//'.repeat(1000),
    '9'.repeat(400) + 's',
    '1s'.repeat(500),
  ),
  fc.constant(longText),
  fc.integer({ min: 10, max: 5000 }).map((depth) => nested(depth, (inner) => [inner])),
  fc.integer({ min: 10, max: 5000 }).map((depth) => nested(depth, (inner) => ({ spec: inner }))),
  fc.constantFrom(...hostileKeys).map((key) => Object.fromEntries([[key, 'x']])),
  fc.constant({ secret: { name: '__proto__', key: '__proto__' } }),
  fc.jsonValue({ maxDepth: 3 }),
);

const changes: fc.Arbitrary<Change> = fc.oneof(
  { weight: 8, arbitrary: values.map((value) => () => value) },
  { weight: 2, arbitrary: fc.constant(() => removed) },
  { weight: 1, arbitrary: fc.constant((former: unknown) => [former]) },
  { weight: 1, arbitrary: fc.constant((former: unknown) => ({ former })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(2, 100, 10_000).map((times) => (former: unknown) => {
      const list: readonly unknown[] = Array.isArray(former) ? former : [former];
      return Array.from({ length: times }, (_, at) => list[at % Math.max(list.length, 1)]);
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...hostileKeys), values)
      .map(([key, value]) => (former: unknown) => {
        const fields = isObject(former) ? Object.entries(former) : [];
        return Object.fromEntries([...fields, [key, value]]);
      }),
  },
);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function childrenOf(value: unknown): readonly (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return value.map((item: unknown, at) => [at, item] as const);
  return isObject(value) ? Object.entries(value) : [];
}

/** All places in a value. */
function pathsIn(value: unknown, at: Path = []): Path[] {
  const below = childrenOf(value).flatMap(([key, child]) => pathsIn(child, [...at, key]));
  return [at, ...below];
}

/** The value with another one at a place. */
function changed(value: unknown, [key, ...rest]: Path, change: Change): unknown {
  if (key === undefined) return change(value);
  const children = childrenOf(value).flatMap(([name, child]) => {
    const next = name === key ? changed(child, rest, change) : child;
    return next === removed ? [] : [[name, next] as const];
  });
  if (Array.isArray(value)) return children.map(([, child]) => child);
  return Object.fromEntries(children);
}

/** A spec with some of its values replaced by what no schema would allow. */
export function mutated(specs: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const mutation = fc.tuple(changes, fc.nat());
  return fc.tuple(specs, fc.array(mutation, { minLength: 1, maxLength: 2 })).map(([spec, all]) =>
    all.reduce((now: unknown, [change, choice]) => {
      const paths = pathsIn(spec);
      const next = changed(now, paths[choice % paths.length] ?? [], change);
      return next === removed ? undefined : next;
    }, spec),
  );
}
