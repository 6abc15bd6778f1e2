import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CustomResource } from '../../../plugin-api/index.js';
import { podMonitor } from '../pod-monitor/pod-monitor.js';
import { probe } from '../probe/probe.js';
import { serviceMonitor } from '../service-monitor/service-monitor.js';
import { lookupOf, optionsOf, resourceOf } from '../testing/conversions.js';

const kinds: readonly CustomResource[] = [serviceMonitor, podMonitor, probe].map((make) =>
  make(optionsOf({ enforcedNamespaceLabel: 'ns', scrapeClasses: [{ name: 'a', tlsConfig: {} }] })),
);

/** A resource that uses most fields. */
const client = {
  basicAuth: { username: { name: 's', key: 'k' }, password: { name: 's', key: 'k' } },
  authorization: { type: 't', credentials: { name: 's', key: 'k' } },
  oauth2: { clientId: { configMap: { name: 'c', key: 'k' } }, clientSecret: {}, tokenUrl: 'u' },
  tlsConfig: { ca: { secret: { name: 's', key: 'k' } }, keySecret: {}, minVersion: 'TLS12' },
  bearerTokenSecret: { name: 's', key: 'k' },
  proxyUrl: 'p',
  proxyConnectHeader: { a: [{ name: 's', key: 'k' }] },
  followRedirects: true,
};
const rules = [{ action: 'Replace', sourceLabels: ['a'], modulus: 1, regex: 'a', separator: ';' }];
const endpoint = {
  ...client,
  port: 'p',
  targetPort: 1,
  portNumber: 2,
  params: { a: ['b'] },
  interval: '1s',
  scrapeTimeout: '1s',
  honorLabels: true,
  relabelings: rules,
  metricRelabelings: rules,
};
const whole = {
  ...client,
  endpoints: [endpoint],
  podMetricsEndpoints: [endpoint],
  selector: {
    matchLabels: { a: 'b' },
    matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }],
  },
  namespaceSelector: { any: false, matchNames: ['a'] },
  prober: { url: 'a:1', path: '/', ...client },
  targets: {
    staticConfig: { static: ['a'], labels: { a: 'b' }, relabelingConfigs: rules },
    ingress: { selector: {}, relabelingConfigs: rules },
  },
  params: [{ name: 'a', values: ['b'] }],
  scrapeClass: 'a',
  sampleLimit: 1,
  bodySizeLimit: '1MB',
  nativeHistogramMinBucketFactor: '1.1',
  attachMetadata: { node: true },
  scrapeProtocols: ['a'],
  targetLabels: ['a'],
  podTargetLabels: ['a'],
};

/** The value with some of what is in it replaced. */
function mutated(value: unknown): fc.Arbitrary<unknown> {
  const other = fc.anything({ withNullPrototype: true, withBigInt: true, maxDepth: 3 });
  const keep = (): fc.Arbitrary<unknown> => {
    if (Array.isArray(value)) return fc.tuple(...value.map(mutated));
    if (typeof value !== 'object' || value === null) return fc.constant(value);
    return fc.record(
      Object.fromEntries(Object.entries(value).map(([key, v]) => [key, mutated(v)])),
    );
  };
  return fc.oneof({ arbitrary: keep(), weight: 12 }, { arbitrary: other, weight: 1 });
}

describe.each(kinds)('whatever stands in a $kind', (kind) => {
  it('becomes jobs or reasons, never both and never an error', () => {
    const lookup = lookupOf({ 'shop/s/k': 'text' }, { 'shop/c/k': 'text' });
    const conversion = (spec: unknown): void => {
      const { configs, rejected } = kind.convert(resourceOf(kind, spec), lookup);
      if (rejected.length > 0) expect(configs).toEqual([]);
      for (const reason of rejected) expect(reason).toMatch(/^(spec|there may be more)/);
      expect(rejected.join('').length).toBeLessThan(20_000);
    };
    fc.assert(fc.property(mutated(whole), conversion), { numRuns: 300 });
    fc.assert(fc.property(fc.anything(), conversion), { numRuns: 100 });
  });
});
