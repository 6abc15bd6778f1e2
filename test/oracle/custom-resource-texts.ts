import fc from 'fast-check';
import { namespace, plainCase } from './custom-resource-case.js';
import type { Case } from './custom-resource-comparison.js';
import type { Data } from './custom-resource-draw.js';
import { worldOf } from './custom-resource-world.js';

/** Texts of a few characters, among them those that mean something to whoever reads them. */
function textsOf(alphabet: readonly string[], maxLength = 8): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...alphabet), { maxLength }).map((parts) => parts.join(''));
}

const hosts = fc.oneof(
  textsOf(['a', 'B', '-', '_', '.', ':', '[', ']', '1', '255', '::', 'é', '%', ' ', '/', '0']),
  textsOf(['10', '.', '256', ':', '80', '0', '65535', '65536', '1', '+', 'x'], 9),
  fc.constantFrom('a'.repeat(63), 'a'.repeat(64), `${'a.'.repeat(127)}a`, `${'a.'.repeat(128)}a`),
  fc.constantFrom('fe80::1%eth0', '[fe80::1%eth0]:80', '::ffff:1.2.3.4', 'xn--e1afmkfd.xn--p1ai'),
);
const selectors = textsOf(
  [
    'a',
    'b/c',
    '=',
    '==',
    '!=',
    '!',
    ',',
    ' ',
    'in',
    'notin',
    '(',
    ')',
    '.',
    '-',
    '_',
    '\\',
    '<',
    '1',
  ],
  9,
);
const durations = textsOf(['1', '90', '0', 's', 'm', 'ms', 'h', 'd', 'w', 'y', '.', '-', '+', ' ']);
const sizes = textsOf(
  ['1', '15', '0', 'K', 'M', 'Ki', 'iB', 'B', 'GiB', '.', '-', '+', ' ', 'e'],
  5,
);
/** The definitions' own pattern keeps worse from the API server. */
const quantityPattern =
  /^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$/;
const sizePattern = /(^0|([0-9]*[.])?[0-9]+((K|M|G|T|E|P)i?)?B)$/;
const quantities = textsOf(
  ['1', '2.5', '0', '.', 'm', 'k', 'Ki', 'M', 'n', 'u', 'e', 'E', '-', '+', '3'],
  5,
);
const urls = textsOf(
  [
    'http',
    'https',
    'x',
    ':',
    '//',
    '/',
    'h',
    '[',
    ']',
    '::1',
    '@',
    '%41',
    '%',
    '#',
    '?',
    ' ',
    '80',
    'é',
  ],
  9,
);
const labelNames = textsOf([
  'a',
  'B',
  '_',
  '-',
  '.',
  '/',
  '9',
  'é',
  ' ',
  '$',
  '{',
  '}',
  '\ud83d\ude00',
]);
const words = textsOf(['basic', 'Bearer', ' ', '\t', '\u00a0', 'B', 'x', '\n', '\u3000', 'ı', 'İ']);

const monitor = (endpoint: Data, rest: Data = {}): readonly [string, unknown] => [
  'ServiceMonitor',
  { selector: {}, endpoints: [endpoint], ...rest },
];
const pods = (rest: Data): readonly [string, unknown] => [
  'PodMonitor',
  { selector: {}, podMetricsEndpoints: [{ port: 'web' }], ...rest },
];
const probe = (prober: Data): readonly [string, unknown] => [
  'Probe',
  { prober, targets: { staticConfig: { static: ['a'] } } },
];
const discovery = (list: string, entry: Data): readonly [string, unknown] => [
  'ScrapeConfig',
  { [list]: [entry] },
];
const http = (entry: Data) => discovery('httpSDConfigs', { url: 'http://h', ...entry });
const oauth2 = (rest: Data): Data => ({
  clientId: { secret: { name: 'creds', key: 'user' } },
  clientSecret: { name: 'creds', key: 'password' },
  tokenUrl: 'http://h',
  ...rest,
});

type Placed = (text: string) => readonly [kind: string, spec: unknown];

/** Places where a text is read, each with texts that come near to what it takes. */
const places: readonly (readonly [fc.Arbitrary<string>, readonly Placed[]])[] = [
  [hosts, [(url) => probe({ url })]],
  [
    selectors,
    [
      (label) =>
        discovery('kubernetesSDConfigs', { role: 'Pod', selectors: [{ role: 'Pod', label }] }),
      (field) =>
        discovery('kubernetesSDConfigs', { role: 'Pod', selectors: [{ role: 'Pod', field }] }),
    ],
  ],
  [
    durations,
    [
      (interval) => monitor({ interval }),
      (scrapeTimeout) => monitor({ scrapeTimeout }),
      (scrapeInterval) => ['ScrapeConfig', { scrapeInterval, scrapeTimeout: '1s' }],
      (refreshInterval) => http({ refreshInterval }),
    ],
  ],
  [
    sizes.filter((text) => sizePattern.test(text)),
    [(bodySizeLimit) => monitor({}, { bodySizeLimit })],
  ],
  [
    quantities.filter((text) => quantityPattern.test(text)),
    [(factor) => monitor({}, { nativeHistogramMinBucketFactor: factor })],
  ],
  [
    urls,
    [
      (url) => http({ url }),
      (proxyUrl) => http({ proxyUrl }),
      (proxyUrl) => monitor({ proxyUrl }),
      (proxyUrl) => monitor({ oauth2: oauth2({ proxyUrl }) }),
      (tokenUrl) => monitor({ oauth2: oauth2({ tokenUrl }) }),
      (server) => discovery('eurekaSDConfigs', { server }),
      (server) => discovery('kumaSDConfigs', { server }),
      (url) => discovery('puppetDBSDConfigs', { url, query: 'q' }),
      (host) => discovery('dockerSDConfigs', { host }),
      (apiServer) => discovery('kubernetesSDConfigs', { role: 'Node', apiServer }),
    ],
  ],
  [
    labelNames,
    [
      (name) => monitor({ relabelings: [{ targetLabel: name }] }),
      (name) => monitor({ relabelings: [{ action: 'labelmap', replacement: name }] }),
      (name) =>
        monitor({ metricRelabelings: [{ action: 'hashmod', targetLabel: name, modulus: 2 }] }),
      (name) => pods({ podTargetLabels: [name], jobLabel: name }),
      (key) => pods({ selector: { matchLabels: { [key]: 'a' } } }),
      (value) => pods({ selector: { matchLabels: { a: value } } }),
      (key) => ['ScrapeConfig', { staticConfigs: [{ targets: ['a'], labels: { [key]: 'x' } }] }],
      (key) => [
        'Probe',
        { prober: { url: 'a' }, targets: { staticConfig: { labels: { [key]: 'x' } } } },
      ],
      (path) => monitor({ path, params: { [path]: [path] } }),
    ],
  ],
  [
    words,
    [
      (type) => monitor({ authorization: { type, credentials: { name: 'creds', key: 'user' } } }),
      (type) => http({ authorization: { type, credentials: { name: 'creds', key: 'user' } } }),
    ],
  ],
];

/** Resources that say little but one text, of which half is nearly right. */
export const textCases: fc.Arbitrary<Case> = fc
  .constantFrom(...places)
  .chain(([texts, placed]) => fc.tuple(texts, fc.constantFrom(...placed), worldOf(namespace)))
  .map(([text, place, world]) => plainCase(...place(text), world));
