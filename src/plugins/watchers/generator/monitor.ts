import type { KubernetesRole } from '../../../plugin-api/index.js';
import type { Policy, ResourceInput } from './convert-resource.js';
import type { DocumentFields } from './document-fields.js';
import { attachMetadata, kubernetesSd } from './kubernetes-sd.js';
import { labelSelector, selectorRules } from './label-selector.js';
import { bodySizeLimit, limitFields } from './limits.js';
import { type EnforcedResource, namespaceRules } from './namespace-enforcement.js';
import { nativeHistogramFields } from './native-histograms.js';
import type { RelabelRule } from './relabelings.js';
import type { ScrapeClass } from './scrape-class.js';
import { protocolFields } from './scrape-protocols.js';
import { checkLabelSelector, selectorText } from './selector-text.js';

/** What a ServiceMonitor or PodMonitor says for all its endpoints. */
export interface Monitor {
  readonly input: ResourceInput;
  readonly policy: Policy;
  readonly scrapeClass: ScrapeClass;
  /** Fields that all jobs have in common. */
  readonly fields: DocumentFields;
  /** Keep what the selector selects, where discovery does not do that. */
  readonly selectorRules: readonly RelabelRule[];
  /** End the rules for targets and for samples. */
  readonly namespaceRules: readonly RelabelRule[];
}

/** How a kind of monitor finds its targets. */
export interface MonitorKind extends Pick<EnforcedResource, 'plural'> {
  readonly role: KubernetesRole;
  /** Whose labels the selector is about, as the meta labels name it. */
  readonly selects: 'service' | 'pod';
}

export function monitorOf(input: ResourceInput, policy: Policy, kind: MonitorKind): Monitor {
  const { spec, namespace, name } = input;
  const { role, selects, plural } = kind;
  const scrapeClass = policy.scrapeClasses.of(spec.field('scrapeClass'));
  const selector = labelSelector(spec.field('selector'));
  checkLabelSelector(selector, spec.field('selector'));
  const mechanism = spec.field('selectorMechanism').text() ?? 'RelabelConfig';
  const isByRules = mechanism === 'RelabelConfig';
  const label = isByRules ? '' : selectorText(selector);
  const roles = role === selects ? [role] : [role, selects];
  return {
    input,
    policy,
    scrapeClass,
    fields: {
      ...kubernetesSd(
        {
          role,
          namespace,
          namespaceSelector: spec.field('namespaceSelector'),
          attachMetadata: attachMetadata(spec.field('attachMetadata'), scrapeClass),
          selectors: isByRules ? undefined : roles.map((each) => ({ role: each, label })),
        },
        policy,
      ),
      ...limitFields(spec, policy.spec),
      ...nativeHistogramFields(spec),
      ...protocolFields(spec, scrapeClass),
      ...bodySizeLimit(spec.field('bodySizeLimit'), policy.spec),
    },
    selectorRules: isByRules ? selectorRules(selector, selects) : [],
    namespaceRules: namespaceRules({ namespace, name, plural }, policy.spec),
  };
}
