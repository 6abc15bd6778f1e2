import { MissingReferenceError, type ResourceObject } from 'target-allocator/plugin-api';
import { customResourceContract } from 'target-allocator/testing';
import { describe, expect, it } from 'vitest';
import { blackboxCheck } from './blackbox-check.js';

const refersToNothing = (): never => {
  throw new MissingReferenceError('a BlackboxCheck refers to nothing');
};
const lookup = { secret: refersToNothing, configMap: refersToNothing };
const goodSpec = {
  prober: 'blackbox-exporter.monitoring:9115',
  module: 'http_2xx',
  targets: ['https://shop.example.com', 'https://cart.example.com'],
  interval: '1m',
  labels: { team: 'shop' },
};

function check(name: string, spec: unknown): ResourceObject {
  return {
    apiVersion: 'checks.example.com/v1alpha1',
    kind: 'BlackboxCheck',
    metadata: {
      ...{ namespace: 'shop', name, uid: name, resourceVersion: '1' },
      labels: {},
      annotations: {},
    },
    spec,
  };
}
const convert = (spec: unknown) => blackboxCheck.convert(check('site', spec), lookup);

/** What is wrong in each, by the start of the reason. */
const badSpecs: readonly (readonly [string, unknown])[] = [
  ['spec.prober: must not be empty', { ...goodSpec, prober: '' }],
  ['spec.prober: must be host:port', { ...goodSpec, prober: 'http://blackbox:9115' }],
  ['spec.prober: must be host:port', { ...goodSpec, prober: '$1:9115' }],
  ['spec.prober: must be a text', { ...goodSpec, prober: 9115 }],
  ['spec.module: must not be empty', { ...goodSpec, module: undefined }],
  ['spec.targets: must have at least one target', { ...goodSpec, targets: [] }],
  ['spec.targets: must be a list', { ...goodSpec, targets: 'https://shop' }],
  ['spec.targets[1]: must be a text', { ...goodSpec, targets: ['https://shop', 7] }],
  ['spec.interval: must be a duration', { ...goodSpec, interval: 'often' }],
  ['spec.interval: must be a duration', { ...goodSpec, interval: '0s' }],
  [
    'spec.labels: must not have the label "__address__"',
    { ...goodSpec, labels: { __address__: 'x' } },
  ],
  ['spec.labels: must not have the label "namespace"', { ...goodSpec, labels: { namespace: 'x' } }],
  ['spec.labels: must be a mapping', { ...goodSpec, labels: ['team'] }],
  ['spec.prober: must not be empty', null],
];

customResourceContract({ describe, it, expect }, blackboxCheck, {
  good: [check('site', goodSpec), check('bare', { ...goodSpec, interval: null, labels: null })],
  bad: badSpecs.map(([, spec], index) => check(`bad-${String(index)}`, spec)),
  lookup,
});

describe('a BlackboxCheck', () => {
  it('means a job that asks the prober about each target', () => {
    expect(convert(goodSpec)).toEqual({
      rejected: [],
      configs: [
        {
          job_name: 'blackboxCheck/shop/site',
          scrape_interval: '1m',
          metrics_path: '/probe',
          params: { module: ['http_2xx'] },
          static_configs: [
            { targets: goodSpec.targets, labels: { team: 'shop', namespace: 'shop' } },
          ],
          relabel_configs: [
            { source_labels: ['__address__'], target_label: '__param_target' },
            { source_labels: ['__param_target'], target_label: 'instance' },
            { target_label: '__address__', replacement: goodSpec.prober },
          ],
        },
      ],
    });
  });

  it('leaves the interval to the allocator where it has none', () => {
    const [job] = convert({ ...goodSpec, interval: undefined }).configs;
    expect(job).not.toHaveProperty('scrape_interval');
  });

  it.each(['blackbox:9115', '10.0.0.1:80', '[::1]:9115'])('takes the prober %s', (prober) => {
    expect(convert({ ...goodSpec, prober }).rejected).toEqual([]);
  });

  it.each(badSpecs)('is rejected with %j', (reason, spec) => {
    const { configs, rejected } = convert(spec);
    expect(configs).toEqual([]);
    expect(rejected.some((text) => text.startsWith(reason))).toBe(true);
  });
});
