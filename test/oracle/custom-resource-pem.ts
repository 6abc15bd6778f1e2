import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namespace, plainCase } from './custom-resource-case.js';
import type { Case } from './custom-resource-comparison.js';

const read = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../fixtures/tls', name), 'utf8');
const certificates = ['first-ca.crt', 'second-ca.crt', 'client.crt', 'server.crt'].map(read);
const keys = ['client.key', 'server.key', 'jwt.key'].map(read);
const pieces = [...certificates, ...keys, 'text', '\n', '-----BEGIN CERTIFICATE-----\n'];

type Change = (text: string, at: number) => string;
const changes: readonly Change[] = [
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replaceAll('\n', ''),
  (text) => text.trimEnd(),
  (text) => ` ${text}`,
  (text) => text.replaceAll(/\n(?=[A-Za-z0-9])/g, '\n '),
  (text, at) => text.slice(0, at) + text.slice(at + 1),
  (text, at) => text.slice(0, at),
  (text, at) => `${text.slice(0, at)}\n${text.slice(at)}`,
  (text, at) => `${text.slice(0, at)}=${text.slice(at)}`,
  (text) => text.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'),
  (text) => text.replaceAll('PRIVATE KEY', 'RSA PRIVATE KEY'),
  (text) => text.replaceAll('PRIVATE KEY', 'EC PRIVATE KEY'),
  (text) => text.replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: x\n\n'),
  (text) => text.replace('-----\n', '-----\nname: value\n'),
  (text) => text.replace('-----END', '----END'),
  (text) => text.replace('-----\n', '-----  \n'),
];

/** PEM as it may be written or damaged. Single bits are not flipped: OpenSSL and Go differ in what they forgive. */
function damaged(wanted: readonly string[]): fc.Arbitrary<string> {
  const whole = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...wanted) },
    {
      weight: 2,
      arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 3 }).map((all) => all.join('')),
    },
  );
  const change = fc.tuple(fc.constantFrom(...changes), fc.nat(1200));
  return fc
    .tuple(
      whole,
      fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 3, arbitrary: fc.array(change, { maxLength: 2 }) },
      ),
    )
    .map(([text, made]) =>
      made.reduce((now, [apply, at]) => apply(now, at % (now.length + 1)), text),
    );
}

const reference = (key: string) => ({ name: 'tls', key });

/** Monitors whose certificates and keys are sometimes none. */
export const pemCases: fc.Arbitrary<Case> = fc
  .record({
    ca: damaged(certificates),
    cert: damaged(['client.crt'].map(read)),
    key: damaged(['client.key'].map(read)),
    hasCa: fc.boolean(),
    hasPair: fc.boolean(),
  })
  .map(({ ca, cert, key, hasCa, hasPair }) => {
    const tlsConfig = {
      ...(hasCa ? { ca: { secret: reference('ca') } } : {}),
      ...(hasPair ? { cert: { secret: reference('cert') }, keySecret: reference('key') } : {}),
    };
    const world = {
      secrets: [{ namespace, name: 'tls', data: { ca, cert, key } }],
      configMaps: [],
    };
    return plainCase('ServiceMonitor', { selector: {}, endpoints: [{ tlsConfig }] }, world);
  });
