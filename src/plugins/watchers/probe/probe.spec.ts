import { describe, expect, it } from 'vitest';
import { converted, onlyJob, optionsOf } from '../testing/conversions.js';
import { probe } from './probe.js';

const kind = probe(optionsOf());
const prober = { url: 'blackbox:9115', path: '/probe' };
const staticTargets = (fields: object = {}, spec: object = {}) => ({
  prober,
  targets: { staticConfig: { static: ['a', 'b'], ...fields } },
  ...spec,
});

describe('a Probe', () => {
  it('probes static targets, which have its namespace unless they say another', () => {
    expect(onlyJob(kind, staticTargets())).toMatchObject({
      job_name: 'probe/shop/web',
      metrics_path: '/probe',
      honor_timestamps: true,
      static_configs: [{ targets: ['a', 'b'], labels: { namespace: 'shop' } }],
    });
    const labels = { namespace: 'x', a: 'b' };
    expect(onlyJob(kind, staticTargets({ labels }))['static_configs']).toMatchObject([{ labels }]);
  });

  it('probes Ingresses when there are no static targets', () => {
    const ingress = { selector: { matchLabels: { a: 'b' } }, namespaceSelector: { any: true } };
    const job = onlyJob(kind, { prober, targets: { ingress } });
    expect(job['kubernetes_sd_configs']).toEqual([{ role: 'ingress' }]);
    expect((job['relabel_configs'] as unknown[])[1]).toEqual({
      action: 'keep',
      source_labels: [
        '__meta_kubernetes_ingress_label_a',
        '__meta_kubernetes_ingress_labelpresent_a',
      ],
      regex: '(b);true',
    });
    const both = { ingress, staticConfig: { static: ['a'] } };
    expect(onlyJob(kind, { prober, targets: both })['kubernetes_sd_configs']).toBeUndefined();
  });

  it('is sharded by what is probed, not by the prober', () => {
    const rules = onlyJob(kind, staticTargets())['relabel_configs'] as unknown[];
    expect(rules.at(-3)).toMatchObject({ source_labels: ['__param_target', '__tmp_hash'] });
  });

  it('takes the module from its own field before a parameter', () => {
    const params = [
      { name: 'module', values: ['x'] },
      { name: '__proto__', values: ['y', 'z'] },
    ];
    const both = onlyJob(kind, staticTargets({}, { module: 'm', params }))['params'];
    expect(Object.entries(both as object)).toEqual([
      ['module', ['m']],
      ['__proto__', ['y', 'z']],
    ]);
    expect(onlyJob(kind, staticTargets({}, { params }))['params']).toMatchObject({ module: ['x'] });
  });

  it.each(['host', 'host:80', '10.0.0.1:9115', '::1', '[::1]:80', 'a_b.c.:1', 'x:+80'])(
    'has a prober at %s',
    (url) => {
      expect(converted(kind, staticTargets({}, { prober: { url } })).rejected).toEqual([]);
    },
  );

  it.each(['', 'http://host', 'host:0', 'host:65536', 'host:', ':80', '[::1]', 'a b', 'fe80::1%e'])(
    'is rejected for a prober at %j',
    (url) => {
      expect(converted(kind, staticTargets({}, { prober: { url } })).rejected).toEqual([
        expect.stringContaining('spec.prober.url: must be a host or host:port'),
      ]);
    },
  );

  it('is rejected without anything to probe', () => {
    expect(converted(kind, { prober, targets: {} }).rejected).toEqual([
      'spec.targets: staticConfig or ingress is required',
    ]);
  });

  it('is rejected for a wrong rule of Ingresses, also when it probes static targets', () => {
    const relabelingConfigs = [{ action: 'hashmod', targetLabel: 'a' }];
    const targets = { staticConfig: {}, ingress: { relabelingConfigs } };
    expect(converted(kind, { prober, targets }).rejected).toEqual([
      'spec.targets.ingress.relabelingConfigs[0]: the action hashmod needs modulus',
    ]);
    const unknown = { staticConfig: {}, ingress: { relabelingConfigs: [{ action: 'x' }] } };
    expect(converted(kind, { prober, targets: unknown }).rejected).toEqual([]);
  });

  it('has no limit for bodies but the enforced one', () => {
    const enforcing = probe(optionsOf({ enforcedBodySizeLimit: '1MB' }));
    const wanted = staticTargets({}, { bodySizeLimit: '1KB' });
    expect(onlyJob(enforcing, wanted)['body_size_limit']).toBe('1MB');
    expect(onlyJob(kind, wanted)['body_size_limit']).toBeUndefined();
  });
});
