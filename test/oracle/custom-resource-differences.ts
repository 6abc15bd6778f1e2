import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namespace, plainCase } from './custom-resource-case.js';
import type { Case } from './custom-resource-comparison.js';

const read = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../fixtures/tls', name), 'utf8');
const monitor = { selector: {}, endpoints: [{}] };

function withTls(data: Readonly<Record<string, string>>): Case {
  const key = (name: string) => ({ name: 'tls', key: name });
  const tlsConfig = {
    ...('ca' in data ? { ca: { secret: key('ca') } } : {}),
    ...('cert' in data ? { cert: { secret: key('cert') }, keySecret: key('key') } : {}),
  };
  const world = { secrets: [{ namespace, name: 'tls', data }], configMaps: [] };
  return plainCase('ServiceMonitor', { selector: {}, endpoints: [{ tlsConfig }] }, world);
}

const legacyNames: Case = {
  ...plainCase('ScrapeConfig', { nameValidationScheme: '' }),
  spec: { scrapeInterval: '30s', evaluationInterval: '30s', nameValidationScheme: 'Legacy' },
};

/** Resources on which we once differed from prometheus-operator: what about, and the shrunk case. */
export const resourceDifferences: readonly (readonly [about: string, asked: Case])[] = [
  [
    'a Probe whose unused rules for ingresses are wrong',
    plainCase('Probe', {
      prober: { url: 'prober' },
      targets: {
        staticConfig: {},
        ingress: { relabelingConfigs: [{ action: 'hashmod', targetLabel: 'a' }] },
      },
    }),
  ],
  [
    'a label name with a character outside of the basic plane',
    plainCase('ServiceMonitor', { ...monitor, podTargetLabels: ['\u{1F600}'] }),
  ],
  ['a certificate that does not begin a line', withTls({ ca: ` ${read('first-ca.crt')}` })],
  ['a certificate without line breaks', withTls({ ca: read('first-ca.crt').replaceAll('\n', '') })],
  [
    'a certificate that is cut off between carriage return and line feed',
    withTls({ ca: read('first-ca.crt').replaceAll('\n', '\r\n').slice(0, -1) }),
  ],
  [
    'a certificate that begins twice',
    withTls({ ca: `-----BEGIN CERTIFICATE-----\n${read('first-ca.crt')}` }),
  ],
  [
    'a key with a header and another type of key in its border',
    withTls({
      cert: read('client.crt'),
      key: read('client.key')
        .replace('-----\n', '-----\nname: value\n')
        .replaceAll('PRIVATE KEY', 'RSA PRIVATE KEY'),
    }),
  ],
  ['an empty scheme of names where the administrator names one', legacyNames],
  [
    'a quantity finer than the finest unit',
    plainCase('ServiceMonitor', { ...monitor, nativeHistogramMinBucketFactor: '2.5n' }),
  ],
  [
    'a quantity with a fraction and a binary suffix',
    plainCase('ServiceMonitor', { ...monitor, nativeHistogramMinBucketFactor: '2.501Ki' }),
  ],
  [
    'a size that is none but passes the pattern of the definition',
    plainCase('ServiceMonitor', { ...monitor, bodySizeLimit: '..0B' }),
  ],
];
