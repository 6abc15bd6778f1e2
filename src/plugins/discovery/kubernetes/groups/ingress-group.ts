import { labelSetOf, type LabelSet, type TargetGroup } from '../../../../plugin-api/index.js';
import { metaPrefix, namespaceLabel } from '../labels.js';
import type { Ingress, IngressRule } from '../objects/ingress.js';
import { attachedNamespaceLabels, type GroupContext } from './group-context.js';

const prefix = `${metaPrefix}ingress_`;

export const ingressSource = (key: string): string => `ingress/${key}`;

/**
 * A target for each path of each rule; the default backend is none.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/discovery/kubernetes/ingress.go
 */
export function ingressGroup(ingress: Ingress, context: GroupContext): TargetGroup {
  const { namespace, name, className } = ingress;
  return {
    source: ingressSource(`${namespace}/${name}`),
    labels: labelSetOf([
      [namespaceLabel, namespace],
      ...(className === undefined ? [] : [[`${prefix}class_name`, className] as const]),
      [`${prefix}name`, name],
      ...ingress.metaLabels,
      ...attachedNamespaceLabels(namespace, context),
    ]),
    targets: ingress.rules.flatMap((rule) => ruleTargets(rule, ingress.tlsHosts)),
  };
}

function ruleTargets({ host, paths = [''] }: IngressRule, tlsHosts: readonly string[]): LabelSet[] {
  const isSecure = tlsHosts.some((pattern) => matchesHost(pattern, host));
  return paths.map((path) =>
    labelSetOf([
      ['__address__', host],
      [`${prefix}scheme`, isSecure ? 'https' : 'http'],
      [`${prefix}host`, host],
      [`${prefix}path`, path === '' ? '/' : path],
    ]),
  );
}

/** A wildcard stands for exactly one name, the first one. */
function matchesHost(pattern: string, host: string): boolean {
  if (pattern === host) return true;
  return pattern.startsWith('*') && pattern === host.replace(/^[^.]*/, '*');
}
