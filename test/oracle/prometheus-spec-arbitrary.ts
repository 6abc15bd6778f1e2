import fc from 'fast-check';
import { type Data, some, struct } from './custom-resource-draw.js';
import { keyReference, relabelRule } from './custom-resource-pieces.js';
import { labelNamePool } from './custom-resource-values.js';

const careful = { mistakes: 0 };
const rules = fc.array(relabelRule(careful), { maxLength: 2 });
const limit = some(fc.constantFrom(0, 1, 100, 5000), 10);
const flag = some(fc.boolean(), 10);
const protocols = fc.constantFrom(
  'PrometheusProto',
  'OpenMetricsText0.0.1',
  'OpenMetricsText1.0.0',
  'PrometheusText0.0.4',
  'PrometheusText1.0.0',
);
const size = fc.constantFrom('10MB', '1GiB', '12B', '0');

/** References of scrape classes are read in the namespace of the resource, and what is missing there is left out. */
const reference = (name: string): fc.Arbitrary<Data> =>
  keyReference({ mistakes: 20 }, ['tlsConfig', name]);
const tlsRest = struct({
  insecureSkipVerify: some(fc.boolean(), 30),
  serverName: some(fc.constant('db'), 30),
  minVersion: some(fc.constantFrom('TLS12', 'TLS13'), 30),
});
const tlsConfig = fc
  .tuple(
    tlsRest,
    fc.oneof(
      struct({}),
      struct({ caFile: fc.constant('/ca') }),
      struct({ ca: struct({ secret: reference('ca') }) }),
    ),
    fc.oneof(
      struct({}),
      struct({ certFile: fc.constant('/cert'), keyFile: fc.constant('/key') }),
      struct({ cert: struct({ secret: reference('cert') }), keySecret: reference('keySecret') }),
    ),
  )
  .map(([rest, ca, pair]): Data => ({ ...rest, ...ca, ...pair }));
const authorization = fc
  .tuple(
    struct({ type: some(fc.constantFrom('Bearer', ' Token '), 50) }),
    fc.oneof(
      struct({ credentialsFile: fc.constant('/token') }),
      struct({ credentials: keyReference({ mistakes: 20 }, ['credentials']) }),
      struct({}),
    ),
  )
  .map(([type, credentials]): Data => ({ ...type, ...credentials }));
const scrapeClass = (name: string): fc.Arbitrary<Data> =>
  struct({
    name: fc.constant(name),
    fallbackScrapeProtocol: some(protocols, 30),
    tlsConfig: some(tlsConfig, 40),
    authorization: some(authorization, 20),
    relabelings: some(rules, 50),
    metricRelabelings: some(rules, 50),
    attachMetadata: some(struct({ node: some(fc.boolean(), 80) }), 50),
  });
const scrapeClasses = fc
  .tuple(scrapeClass('first'), scrapeClass('second'), fc.integer({ min: -3, max: 1 }))
  .map(([first, second, chosen]) =>
    [first, second].map((one, at) => (at === chosen ? { ...one, default: true } : one)),
  );
const exclusion = struct({
  group: fc.constantFrom('monitoring.coreos.com', ''),
  resource: fc.constantFrom('servicemonitors', 'podmonitors', 'probes', 'scrapeconfigs'),
  namespace: fc.constantFrom('shop', 'elsewhere'),
  name: some(fc.constantFrom('web', '', 'a.b'), 50),
});

const limits = {
  sampleLimit: limit,
  targetLimit: limit,
  labelLimit: limit,
  labelNameLengthLimit: limit,
  labelValueLengthLimit: limit,
  keepDroppedTargets: limit,
  bodySizeLimit: some(size, 10),
  enforcedSampleLimit: limit,
  enforcedTargetLimit: limit,
  enforcedLabelLimit: limit,
  enforcedLabelNameLengthLimit: limit,
  enforcedLabelValueLengthLimit: limit,
  enforcedKeepDroppedTargets: limit,
  enforcedBodySizeLimit: some(size, 10),
};

/**
 * What an administrator lays down: fields of `PrometheusSpec` under the names that the custom resource has for them, too.
 * Always valid, because what is not is refused before any custom resource is looked at.
 */
export const prometheusSpecs: fc.Arbitrary<Data> = struct({
  scrapeInterval: fc.constantFrom('30s', '1m'),
  evaluationInterval: fc.constantFrom('30s'),
  scrapeTimeout: some(fc.constantFrom('10s', '30s'), 10),
  scrapeProtocols: some(fc.uniqueArray(protocols, { maxLength: 3 }), 15),
  scrapeClasses: some(scrapeClasses, 90),
  serviceDiscoveryRole: some(fc.constantFrom('EndpointSlice', 'Endpoints'), 30),
  overrideHonorLabels: flag,
  overrideHonorTimestamps: flag,
  ignoreNamespaceSelectors: flag,
  enforcedNamespaceLabel: some(fc.constantFrom('namespace', 'tenant'), 20),
  excludedFromEnforcement: some(fc.array(exclusion, { maxLength: 2 }), 30),
  podTargetLabels: some(fc.array(fc.constantFrom(...labelNamePool.fitting), { maxLength: 2 }), 15),
  scrapeNativeHistograms: flag,
  scrapeClassicHistograms: flag,
  convertClassicHistogramsToNHCB: flag,
  nameValidationScheme: some(fc.constantFrom('UTF8', 'Legacy'), 10),
  nameEscapingScheme: some(fc.constantFrom('AllowUTF8', 'Underscores', 'Dots', 'Values'), 10),
  ...limits,
});
