import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A Secret or a ConfigMap with its values as text. */
export interface Values {
  readonly namespace: string;
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
}

/** What a resource may refer to. */
export interface World {
  readonly secrets: readonly Values[];
  readonly configMaps: readonly Values[];
}

const tlsFile = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../fixtures/tls', name), 'utf8');
const tls = {
  ca: tlsFile('first-ca.crt'),
  'other-ca': tlsFile('second-ca.crt'),
  cert: tlsFile('client.crt'),
  key: tlsFile('client.key'),
  'other-key': tlsFile('server.key'),
  broken: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
  empty: '',
  text: 'no certificate',
};

/** Texts that YAML may take for something else. */
const values = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('alice', 's3cret', 'a b', 'x'.repeat(100)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('yes', '0777', '1e3', 'null', '~', ' padded ', 'a: b', '# no', '%'),
  },
  { weight: 1, arbitrary: fc.constantFrom('line\nline', 'line\n', '"quoted"', "it's", 'é€😀', '') },
);

/** The keys that every Secret of credentials has. */
export const credentialKeys = ['user', 'password', 'token', 'id'] as const;
export const tlsKeys = ['ca', 'other-ca', 'cert', 'key', 'other-key', 'broken', 'empty', 'text'];

const credentials = fc.record({ user: values, password: values, token: values, id: values });

/** Secrets and ConfigMaps of a namespace, with the same names as others in another one. */
export function worldOf(namespace: string): fc.Arbitrary<World> {
  return fc.tuple(credentials, values).map(([data, id]) => ({
    secrets: [
      { namespace, name: 'creds', data },
      { namespace, name: 'tls', data: tls },
      { namespace: 'elsewhere', name: 'creds', data: { user: 'foreign', private: 'foreign' } },
      { namespace: 'elsewhere', name: 'private', data: { user: 'foreign' } },
    ],
    configMaps: [
      { namespace, name: 'settings', data: { ...tls, id } },
      { namespace: 'elsewhere', name: 'private', data: { id: 'foreign' } },
    ],
  }));
}
