import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { PrometheusSpec } from '../../core/custom-resource/prometheus-spec.js';
import { minimalConfig, WrittenConfig } from './testing/written-config.js';

let written: WrittenConfig;
beforeEach(async () => {
  written = await WrittenConfig.create();
});
afterEach(() => written.remove());

async function specOf(text: string): Promise<PrometheusSpec> {
  const { prometheusCr } = await written.loaded(`${minimalConfig}prometheus_cr: ${text}\n`);
  return prometheusCr.spec;
}

const refusal = (text: string) => written.refused(`${minimalConfig}prometheus_cr: ${text}\n`);

/** What the Go allocator gives its generator. */
const defaults: PrometheusSpec = {
  scrapeInterval: '30s',
  evaluationInterval: '0s',
  scrapeProtocols: [
    'OpenMetricsText1.0.0',
    'OpenMetricsText0.0.1',
    'PrometheusText1.0.0',
    'PrometheusText0.0.4',
  ],
  scrapeClasses: [],
};

const wholeNumbers = [
  ['enforced_sample_limit', 'enforcedSampleLimit'],
  ['enforced_target_limit', 'enforcedTargetLimit'],
  ['enforced_label_limit', 'enforcedLabelLimit'],
  ['enforced_label_name_length_limit', 'enforcedLabelNameLengthLimit'],
  ['enforced_label_value_length_limit', 'enforcedLabelValueLengthLimit'],
  ['enforced_keep_dropped_targets', 'enforcedKeepDroppedTargets'],
  ['sample_limit', 'sampleLimit'],
  ['target_limit', 'targetLimit'],
  ['label_limit', 'labelLimit'],
  ['label_name_length_limit', 'labelNameLengthLimit'],
  ['label_value_length_limit', 'labelValueLengthLimit'],
  ['keep_dropped_targets', 'keepDroppedTargets'],
] as const;
const truths = [
  ['override_honor_labels', 'overrideHonorLabels'],
  ['override_honor_timestamps', 'overrideHonorTimestamps'],
  ['ignore_namespace_selectors', 'ignoreNamespaceSelectors'],
  ['scrape_native_histograms', 'scrapeNativeHistograms'],
  ['scrape_classic_histograms', 'scrapeClassicHistograms'],
  ['convert_classic_histograms_to_nhcb', 'convertClassicHistogramsToNHCB'],
] as const;
const texts = [
  ['enforced_namespace_label', 'enforcedNamespaceLabel'],
  ['enforced_body_size_limit', 'enforcedBodySizeLimit'],
  ['body_size_limit', 'bodySizeLimit'],
  ['service_discovery_role', 'serviceDiscoveryRole'],
  ['name_validation_scheme', 'nameValidationScheme'],
  ['name_escaping_scheme', 'nameEscapingScheme'],
  ['scrape_timeout', 'scrapeTimeout'],
] as const;

describe('the Prometheus spec of prometheus_cr', () => {
  it('is the one of the Go allocator where nothing is said', async () => {
    expect(await specOf('{}')).toEqual(defaults);
    expect(await specOf('{scrape_interval: 0s}')).toEqual(defaults);
  });

  it('is not changed by keys without a value', async () => {
    const keys = [...wholeNumbers, ...truths, ...texts].map(([key]) => `${key}: null`);
    const lists = ['excluded_from_enforcement: null', 'pod_target_labels: null'];
    expect(await specOf(`{${[...keys, ...lists].join(', ')}}`)).toEqual(defaults);
  });

  it('has each limit as it was written, above 2^53 too', async () => {
    const limits = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
    const limit = fc.tuple(fc.constantFrom(...wholeNumbers), limits);
    const some = fc.uniqueArray(limit, { selector: ([[key]]) => key });
    await fc.assert(
      fc.asyncProperty(some, async (given) => {
        const spec = await specOf(`{${given.map(([[key], n]) => `${key}: ${String(n)}`).join()}}`);
        const expected = given.map(([[, name], n]): [string, number | bigint] => [
          name,
          n <= Number.MAX_SAFE_INTEGER ? Number(n) : n,
        ]);
        expect(spec).toEqual({ ...defaults, ...Object.fromEntries(expected) });
      }),
      { numRuns: 50 },
    );
  });

  it('has texts, truth values and lists under the names of the operator', async () => {
    const values = ['ns', '15MB', '1GiB', 'Endpoints', 'Legacy', 'Dots', '10s'];
    const keys = [
      ...texts.map(([key], index) => `${key}: ${values[index] ?? ''}`),
      ...truths.map(([key]) => `${key}: true`),
      'pod_target_labels: [app, 1]',
      'excluded_from_enforcement: [{resource: probes, namespace: a}, {group: monitoring.coreos.com, resource: podmonitors, namespace: b, name: c}]',
    ];
    expect(await specOf(`{${keys.join(', ')}}`)).toEqual({
      ...defaults,
      ...Object.fromEntries(texts.map(([, name], index) => [name, values[index]])),
      ...Object.fromEntries(truths.map(([, name]) => [name, true])),
      podTargetLabels: ['app', '1'],
      excludedFromEnforcement: [
        { group: 'monitoring.coreos.com', resource: 'probes', namespace: 'a' },
        { group: 'monitoring.coreos.com', resource: 'podmonitors', namespace: 'b', name: 'c' },
      ],
    });
  });

  it('tells false from not said where the operator does', async () => {
    const spec = await specOf(`{${truths.map(([key]) => `${key}: false`).join(', ')}}`);
    expect(spec).toEqual({
      ...defaults,
      scrapeNativeHistograms: false,
      scrapeClassicHistograms: false,
      convertClassicHistogramsToNHCB: false,
    });
  });

  it.each([
    ['{sample_limit: -1}', 'prometheus_cr.sample_limit: expected a whole number', 'got "-1"'],
    ['{enforced_label_limit: many}', 'enforced_label_limit: expected a whole number', '"many"'],
    ['{body_size_limit: 15 cows}', 'body_size_limit: not a valid size, got "15 cows"', 'like 15MB'],
    ['{enforced_body_size_limit: -1B}', 'must not be negative, got "-1B"', 'write it like'],
    ['{scrape_timeout: 1d}', 'scrape_timeout: not a valid duration, got "1d"', '1h30m'],
    ['{scrape_timeout: -1s}', 'scrape_timeout: must not be negative', '0s leaves it'],
    ['{scrape_timeout: 31s}', 'longer than the scrape interval, got "31s"', 'at most 30s'],
    ['{override_honor_labels: "yes"}', 'override_honor_labels: expected true or false', '"yes"'],
    ['{service_discovery_role: pod}', 'got "pod"', 'use one of EndpointSlice, Endpoints'],
    ['{name_validation_scheme: utf8}', 'got "utf8"', 'use one of UTF8, Legacy'],
    ['{name_escaping_scheme: dots}', 'got "dots"', 'AllowUTF8, Underscores, Dots, Values'],
    ['{pod_target_labels: [""]}', 'pod_target_labels[0]: a label name must not be empty', ''],
    [
      '{excluded_from_enforcement: [{resource: pods}]}',
      'excluded_from_enforcement[0].resource: unknown value, got "pods"',
      'excluded_from_enforcement[0].namespace: no namespace',
    ],
    ['{excluded_from_enforcement: [{namespace: a}]}', 'resource: no resource', 'servicemonitors'],
    ['{scrape_protocols: [Fast]}', 'scrape_protocols[0]: unknown scrape protocol', '"Fast"'],
  ])('refuses %s', async (text, problem, more) => {
    const lines = await refusal(text);
    expect(lines).toContain('targetallocator.yaml:4:');
    expect(lines).toContain(problem);
    expect(lines).toContain(more);
  });

  it.each([
    ['[{name: ""}]', 'scrape_classes[0].name: a scrape class needs a name'],
    ['[text]', 'scrape_classes[0]: expected a mapping with a name, got "text"'],
    ['[{name: a}, {name: a}]', 'scrape_classes[1].name: another scrape class has this name'],
    [
      '[{name: a, default: true}, {name: b}, {name: c, default: yes}]',
      'scrape_classes[2].default: the scrape class "a" is the default already',
    ],
    ['[{name: a, default: maybe}]', 'scrape_classes[0].default: expected true or false'],
  ])('refuses the scrape classes %s', async (classes, problem) => {
    expect(await refusal(`{scrape_classes: ${classes}}`)).toContain(problem);
  });

  it('takes scrape classes of any names that differ', async () => {
    const classes = [
      { name: 'a', default: false },
      { name: '__proto__', default: true },
    ];
    const spec = await specOf(`{scrape_classes: ${JSON.stringify(classes)}}`);
    expect(spec.scrapeClasses).toEqual(classes);
  });
});

describe('the networks that discoveries of custom resources may not reach', () => {
  const networksOf = async (text: string) => {
    const { result, lines } = await written.load(`${minimalConfig}prometheus_cr: ${text}\n`);
    if (result.kind !== 'loaded') throw new Error(lines.join('\n'));
    return result.config.prometheusCr.deniedDiscoveryNetworks;
  };

  it('are the link-local ones unless others or none are named', async () => {
    expect(await networksOf('{}')).toEqual(['169.254.0.0/16', 'fe80::/10']);
    expect(await networksOf('{denied_discovery_networks: []}')).toEqual([]);
    expect(await networksOf('{denied_discovery_networks: [10.0.0.0/8, "::1/128"]}')).toEqual([
      '10.0.0.0/8',
      '::1/128',
    ]);
  });

  it.each([
    '10.0.0.0',
    '10.0.0.0/33',
    'fe80::/129',
    'fe80::%eth0/10',
    'host/8',
    '10.0.0.0/8/8',
    '10.0.0.0/08',
    '""',
  ])('cannot be %s', async (network) => {
    const lines = await refusal(`{denied_discovery_networks: [${network}]}`);
    expect(lines).toContain('prometheus_cr.denied_discovery_networks[0]: not a network');
    expect(lines).toContain('169.254.0.0/16');
  });
});
