import { parseAllDocuments } from 'yaml';
import type { Cluster } from '../../fixtures/cluster/cluster.js';
import { rightText } from './audit-log.js';

interface Rule {
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}
export interface RbacObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly Rule[];
}

/** One verb of one rule. */
export interface GrantedVerb {
  readonly object: number;
  readonly rule: number;
  readonly verb: string;
  /** As an {@link AuditLog} has it. */
  readonly text: string;
}

/** What `rbac` has printed. */
export function parseRoles(yaml: string): readonly RbacObject[] {
  return parseAllDocuments(yaml)
    .map((document) => document.toJS() as RbacObject | null)
    .filter((object) => object !== null);
}

export function grantedVerbs(objects: readonly RbacObject[]): readonly GrantedVerb[] {
  return objects.flatMap(({ rules = [], metadata: { namespace } }, object) =>
    rules.flatMap(({ resources: [resource = ''], verbs }, rule) =>
      verbs.map((verb) => ({ object, rule, verb, text: rightText(verb, { resource, namespace }) })),
    ),
  );
}

/** The same for another service account, without one verb. */
export function rolesWithout(
  objects: readonly RbacObject[],
  without: GrantedVerb | undefined,
  rename: { readonly from: string; readonly to: string },
): readonly RbacObject[] {
  const left = objects.map((object, at) => {
    if (at !== without?.object || object.rules === undefined) return object;
    const rules = object.rules.map((rule, index) =>
      index === without.rule
        ? { ...rule, verbs: rule.verbs.filter((verb) => verb !== without.verb) }
        : rule,
    );
    return { ...object, rules: rules.filter(({ verbs }) => verbs.length > 0) };
  });
  return JSON.parse(JSON.stringify(left).replaceAll(rename.from, rename.to)) as RbacObject[];
}

export async function applyRoles(cluster: Cluster, objects: readonly RbacObject[]): Promise<void> {
  for (const object of objects) {
    const { namespace } = object.metadata;
    const scope = namespace === undefined ? '' : `namespaces/${namespace}/`;
    const path = `/apis/rbac.authorization.k8s.io/v1/${scope}${object.kind.toLowerCase()}s`;
    await cluster.api('POST', path, object);
  }
}
