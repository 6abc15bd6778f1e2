import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sdMechanisms } from './discovery/mechanisms.js';
import { convert } from './testing/converted.js';

const lists = sdMechanisms('').map(({ list }) => list);
const fields = [
  ...['url', 'server', 'host', 'role', 'names', 'files', 'targets', 'labels', 'filters', 'port'],
  ...['selectors', 'namespaces', 'attachMetadata', 'apiServer', 'type', 'refreshInterval'],
  ...['basicAuth', 'authorization', 'oauth2', 'tlsConfig', 'proxyUrl', 'proxyConnectHeader'],
  ...['accessKey', 'secretKey', 'clientSecret', 'password', 'nodeMeta', 'service', 'tags'],
];
const names = [
  'name',
  'key',
  'credentials',
  'secret',
  'configMap',
  'values',
  '__proto__',
  'toString',
];

/** Data of any shape under names that mean something, with the names of prototypes among them. */
const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 2 ** 53, '', 'x', '%zz', 'Pod', '5s'),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 3 }),
    objectOf([...names, ...fields], tie('value')),
  ),
})).value;

function objectOf(keys: readonly string[], value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const entries = fc.array(fc.tuple(fc.constantFrom(...keys), value), { maxLength: 5 });
  // Read as JSON, in which `__proto__` is a name like any other.
  return entries.map((pairs): unknown =>
    JSON.parse(
      `{${pairs.map(([key, item]) => `${JSON.stringify(key)}:${JSON.stringify(item)}`).join()}}`,
    ),
  );
}

describe('a hostile ScrapeConfig', () => {
  it('is converted or rejected, never both and never with an exception', () => {
    const entries = fc.array(objectOf(fields, anything), { maxLength: 2 });
    const discovery = fc.tuple(fc.constantFrom(...lists), fc.oneof(entries, anything));
    const spec = fc
      .tuple(objectOf([...fields, 'params', 'relabelings', 'scrapeInterval'], anything), discovery)
      .map(([own, [list, value]]) => ({ ...(own as object), [list]: value })); // it is an object
    fc.assert(
      fc.property(spec, (written) => {
        const before = JSON.stringify(written);
        const { configs, rejected } = convert(written);
        expect(configs).toHaveLength(rejected.length === 0 ? 1 : 0);
        expect(JSON.stringify(written)).toBe(before);
      }),
      { numRuns: 500 },
    );
    expect(Object.hasOwn(Object.prototype, 'name')).toBe(false);
  });

  it('gives few reasons however much is wrong', () => {
    const staticConfigs = Array.from({ length: 100_000 }, () => ({ targets: 7 }));
    expect(convert({ staticConfigs }).rejected.length).toBeLessThan(30);
  });

  it('shows no secret in its reasons', () => {
    const authorization = { type: 'basic', credentials: { name: 'creds', key: 'token' } };
    const { rejected } = convert({ httpSDConfigs: [{ url: 'http://h:x/', authorization }] });
    expect(rejected).toHaveLength(2);
    expect(rejected.join()).not.toContain('t0ken');
  });
});
