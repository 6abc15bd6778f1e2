import { describe, expect, it } from 'vitest';
import type { PrometheusSpec } from '../../../plugin-api/index.js';
import { converted, lookupOf, onlyJob, optionsOf, resourceOf } from '../testing/conversions.js';
import { serviceMonitor } from './service-monitor.js';

const kind = serviceMonitor(optionsOf());
const kindWith = (spec: Partial<PrometheusSpec>) => serviceMonitor(optionsOf(spec));
const endpoint = (fields: object, spec: object = {}) => ({ endpoints: [fields], ...spec });
const rulesOf = (job: Readonly<Record<string, unknown>>, target: string) =>
  (job['relabel_configs'] as Record<string, unknown>[]).filter(
    (rule) => rule['target_label'] === target,
  );

describe('a ServiceMonitor', () => {
  it('makes a job of each endpoint', () => {
    const { configs, rejected } = converted(kind, { endpoints: [{}, { port: 'http' }, {}] });
    expect(rejected).toEqual([]);
    expect(configs.map((job) => job.job_name)).toEqual([
      'serviceMonitor/shop/web/0',
      'serviceMonitor/shop/web/1',
      'serviceMonitor/shop/web/2',
    ]);
  });

  it('looks in its own namespace unless it names others or all', () => {
    const namespacesOf = (namespaceSelector: object, spec: Partial<PrometheusSpec> = {}) => {
      const job = onlyJob(kindWith(spec), endpoint({}, { namespaceSelector }));
      return (job['kubernetes_sd_configs'] as { namespaces?: unknown }[])[0]?.namespaces;
    };
    expect(namespacesOf({})).toEqual({ names: ['shop'] });
    expect(namespacesOf({ matchNames: ['a', 'b'] })).toEqual({ names: ['a', 'b'] });
    expect(namespacesOf({ any: true, matchNames: ['a'] })).toBeUndefined();
    const ignored = { ignoreNamespaceSelectors: true };
    expect(namespacesOf({ any: true }, ignored)).toEqual({ names: ['shop'] });
  });

  it('finds its targets by EndpointSlices unless told otherwise, with the kubeconfig of the allocator', () => {
    const options = optionsOf({}, '/etc/kubeconfig');
    const job = onlyJob(serviceMonitor(options), endpoint({ port: 'http' }));
    expect(job['kubernetes_sd_configs']).toEqual([
      {
        role: 'endpointslice',
        kubeconfig_file: '/etc/kubeconfig',
        namespaces: { names: ['shop'] },
      },
    ]);
    const old = onlyJob(kind, endpoint({ port: 'http' }, { serviceDiscoveryRole: 'Endpoints' }));
    expect(old['kubernetes_sd_configs']).toEqual([
      { role: 'endpoints', namespaces: { names: ['shop'] } },
    ]);
    expect(old['relabel_configs']).toContainEqual({
      action: 'keep',
      source_labels: ['__meta_kubernetes_endpoint_port_name'],
      regex: 'http',
    });
  });

  it('selects by rules or, where the tenant wants it, by queries to the API server', () => {
    const selector = {
      matchLabels: { b: '2', 'a/x': '1' },
      matchExpressions: [{ key: 'az', operator: 'NotIn', values: ['z', 'y'] }],
    };
    const byRules = onlyJob(kind, endpoint({}, { selector }));
    expect(byRules['relabel_configs']).toEqual(
      expect.arrayContaining([
        {
          action: 'drop',
          source_labels: [
            '__meta_kubernetes_service_label_az',
            '__meta_kubernetes_service_labelpresent_az',
          ],
          regex: '(z|y);true',
        },
      ]),
    );
    const mechanism = { selector, selectorMechanism: 'RoleSelector' };
    const byQuery = onlyJob(kind, endpoint({}, mechanism));
    const label = 'a/x=1,az notin (y,z),b=2';
    expect(byQuery['kubernetes_sd_configs']).toMatchObject([
      {
        selectors: [
          { role: 'endpointslice', label },
          { role: 'service', label },
        ],
      },
    ]);
    expect(JSON.stringify(byQuery['relabel_configs'])).not.toContain('labelpresent');
  });

  it.each([
    [{ matchLabels: { 'a b': 'x' } }, 'is no label key'],
    [{ matchLabels: { a: 'x y' } }, 'cannot be the value of label'],
    [{ matchExpressions: [{ key: 'a', operator: 'Is', values: ['x'] }] }, 'is no operator'],
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: [] }] }, 'needs a value'],
    [{ matchExpressions: [{ key: 'a', operator: 'Exists', values: ['x'] }] }, 'takes no values'],
  ])('is rejected for a selector that the API server would refuse: %j', (selector, reason) => {
    expect(converted(kind, endpoint({}, { selector }))).toEqual({
      configs: [],
      rejected: [expect.stringContaining(reason)],
    });
  });

  it('tells its endpoints apart by their port', () => {
    const endpointOf = (fields: object) => rulesOf(onlyJob(kind, endpoint(fields)), 'endpoint');
    expect(endpointOf({ port: 'a', targetPort: 1 })).toMatchObject([{ replacement: 'a' }]);
    expect(endpointOf({ targetPort: 0 })).toMatchObject([{ replacement: '0' }]);
    expect(endpointOf({ targetPort: '' })).toEqual([]);
  });

  it('is rejected as a whole for one endpoint that is wrong', () => {
    const { configs, rejected } = converted(kind, {
      endpoints: [{}, { interval: '10s', scrapeTimeout: '11s' }, { scrapeTimeout: '31s' }],
    });
    expect(configs).toEqual([]);
    expect(rejected).toEqual([
      'spec.endpoints[1].scrapeTimeout: 11s is longer than the interval 10s',
      'spec.endpoints[2].scrapeTimeout: 31s is longer than the interval 30s',
    ]);
  });

  it('is rejected for a Secret that is missing, and names every one', () => {
    const basicAuth = { username: { name: 'a', key: 'u' }, password: { name: 'a', key: 'p' } };
    expect(converted(kind, endpoint({ basicAuth })).rejected).toEqual([
      'spec.endpoints[0].basicAuth.username: Secret shop/a has no key "u"',
      'spec.endpoints[0].basicAuth.password: Secret shop/a has no key "p"',
    ]);
  });

  it('lets an error of the host through, because it says nothing of the resource', () => {
    const lookup = {
      ...lookupOf(),
      secret: () => {
        throw new TypeError('a mistake');
      },
    };
    const spec = endpoint({ bearerTokenSecret: { name: 'a', key: 'u' } });
    expect(() => converted(kind, spec, lookup)).toThrow('a mistake');
  });

  it('repeats nothing that would grow beyond all measure', () => {
    const endpoints = Array.from({ length: 100_000 }, () => ({}));
    const { configs, rejected } = converted(kind, { endpoints });
    expect(configs).toEqual([]);
    expect(rejected).toEqual([
      'spec.endpoints: 100000 jobs of this size are too many; split the resource',
    ]);
    const targetLabels = Array.from({ length: 10_000 }, () => 'x'.repeat(50));
    const some = { endpoints: endpoints.slice(0, 100), targetLabels };
    expect(converted(kind, some).rejected).toHaveLength(1);
  });

  it('changes nothing of what it is given', () => {
    const spec = endpoint({ relabelings: [{ action: 'Keep', sourceLabels: ['a'] }] });
    const resource = resourceOf(kind, deepFrozen(spec));
    const first = kind.convert(resource, lookupOf());
    expect(first.rejected).toEqual([]);
    expect(kind.convert(resource, lookupOf())).toEqual(first);
  });
});

describe('what an administrator lays down', () => {
  it('overrides who is honoured', () => {
    const spec = { overrideHonorLabels: true, overrideHonorTimestamps: true };
    const wanted = endpoint({ honorLabels: true, honorTimestamps: true });
    expect(onlyJob(kind, wanted)).toMatchObject({ honor_labels: true, honor_timestamps: true });
    expect(onlyJob(kindWith(spec), wanted)).toMatchObject({
      honor_labels: false,
      honor_timestamps: false,
    });
  });

  it('ends both lists of rules with the namespace, unless the resource is excluded', () => {
    const enforced = { target_label: 'namespace', replacement: 'shop' };
    const spec = { enforcedNamespaceLabel: 'namespace' };
    const wanted = endpoint({ metricRelabelings: [{ regex: 'x', action: 'labeldrop' }] });
    const job = onlyJob(kindWith(spec), wanted);
    expect((job['metric_relabel_configs'] as unknown[]).at(-1)).toEqual(enforced);
    expect((job['relabel_configs'] as unknown[]).at(-4)).toEqual(enforced);
    const reference = { group: '', resource: 'servicemonitors', namespace: 'shop' };
    const excluded = onlyJob(kindWith({ ...spec, excludedFromEnforcement: [reference] }), wanted);
    expect(excluded['metric_relabel_configs']).toHaveLength(1);
  });

  it('adds labels of Pods to all targets', () => {
    const job = onlyJob(kindWith({ podTargetLabels: ['app.version'] }), endpoint({}));
    expect(rulesOf(job, 'app_version')).toEqual([
      {
        source_labels: ['__meta_kubernetes_pod_label_app_version'],
        target_label: 'app_version',
        regex: '(.+)',
        replacement: '${1}',
      },
    ]);
  });
});

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFrozen);
  return Object.freeze(value);
}
