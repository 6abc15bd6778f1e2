import type { Policy, ResourceInput } from '../generator/convert-resource.js';
import { type DocumentFields, present, userMap } from '../generator/document-fields.js';
import { honorTimestamps } from '../generator/honor.js';
import { httpClientFields } from '../generator/http-client.js';
import { intervalFields } from '../generator/intervals.js';
import { limitFields } from '../generator/limits.js';
import { namespaceRules } from '../generator/namespace-enforcement.js';
import { nativeHistogramFields } from '../generator/native-histograms.js';
import { proxyFields } from '../generator/proxy.js';
import { relabelings } from '../generator/relabelings.js';
import { firstRules } from '../generator/rules.js';
import { protocolFields } from '../generator/scrape-protocols.js';
import { shardingRules } from '../generator/sharding.js';
import type { SpecValue } from '../generator/spec-value.js';
import { checkProberUrl } from './prober-url.js';
import { probeTargets } from './probe-targets.js';

/** The job of a probe, without its name. */
export function probeJob(
  { spec, references, ...own }: ResourceInput,
  policy: Policy,
): DocumentFields {
  const scrapeClass = policy.scrapeClasses.of(spec.field('scrapeClass'));
  const enforced = namespaceRules({ ...own, plural: 'probes' }, policy.spec);
  const prober = spec.field('prober');
  checkProberUrl(prober.field('url'));
  const targets = probeTargets(spec, own.namespace, policy);
  const token = spec.field('bearerTokenSecret');
  const jobName = spec.field('jobName').text() ?? '';
  const metricRules = [
    ...scrapeClass.metricRelabelings,
    ...relabelings(spec.field('metricRelabelings')),
    ...enforced,
  ];
  return {
    ...honorTimestamps(true, policy.spec),
    ...proberFields(prober),
    ...intervalFields(
      { interval: spec.field('interval'), timeout: spec.field('scrapeTimeout') },
      policy.spec.scrapeInterval,
    ),
    ...paramsOf(spec),
    ...limitFields(spec, policy.spec),
    ...nativeHistogramFields(spec),
    ...protocolFields(spec, scrapeClass),
    ...enforcedBodySize(policy),
    ...proxyFields(prober, references),
    ...httpClientFields(spec, references, { scrapeClass }),
    ...(token.isPresent ? present({ bearer_token: references.secret(token) }) : {}),
    ...targets.discovery,
    relabel_configs: [
      ...firstRules,
      ...(jobName === '' ? [] : [{ target_label: 'job', replacement: jobName }]),
      ...targets.rules,
      ...scrapeClass.relabelings,
      ...targets.relabelings,
      ...enforced,
      ...shardingRules('__param_target'),
    ],
    ...(metricRules.length === 0 ? {} : { metric_relabel_configs: metricRules }),
  };
}

/** A probe has no limit of its own. */
function enforcedBodySize({ spec: { enforcedBodySizeLimit = '' } }: Policy): DocumentFields {
  return enforcedBodySizeLimit === '' ? {} : { body_size_limit: enforcedBodySizeLimit };
}

/** The path is written even when it is empty, as the operator does: the API server fills in `/probe`. */
function proberFields(prober: SpecValue): DocumentFields {
  return present({
    metrics_path: prober.field('path').text() ?? '',
    scheme: prober.field('scheme').text()?.toLowerCase(),
  });
}

/** The module has a field of its own, which goes before a parameter of that name. */
function paramsOf(spec: SpecValue): DocumentFields {
  const module = spec.field('module').text() ?? '';
  const written = spec
    .field('params')
    .items()
    .map((param) => [param.field('name').text() ?? '', param.field('values').texts()] as const);
  const params = [
    ...(module === '' ? [] : [['module', [module]] as const]),
    ...written.filter(([name]) => module === '' || name !== 'module'),
  ];
  return params.length === 0 ? {} : { params: userMap(params) };
}
