import type { ClusterRight, RightReason } from './cluster-right.js';

export interface ServiceAccountName {
  readonly namespace: string;
  readonly name: string;
}
export interface RoleOptions {
  /** Who gets the rights. */
  readonly serviceAccount: ServiceAccountName;
  /** Roles of namespaces only; what they cannot give is left out. @default false */
  readonly isNamespaceScoped?: boolean;
}

/** One rule of a role, and why it is there. */
export interface RoleRule {
  readonly rule: {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  };
  readonly need: ClusterRight['need'];
  readonly reasons: readonly RightReason[];
}
/** A ClusterRole, or with a namespace a Role, bound to the service account. */
export interface RoleManifest {
  readonly kind: 'ClusterRole' | 'Role';
  readonly name: string;
  readonly namespace?: string;
  readonly rules: readonly RoleRule[];
  readonly subject: ServiceAccountName;
}
export interface RoleSet {
  /** That of the whole cluster first. */
  readonly roles: readonly RoleManifest[];
  /** Rights to the whole cluster that no role of a namespace can give. */
  readonly leftOut: readonly ClusterRight[];
}

/** The roles that give the rights: one for the whole cluster where it takes that, and one in each namespace. */
export function roleManifests(rights: readonly ClusterRight[], options: RoleOptions): RoleSet {
  const { serviceAccount: subject, isNamespaceScoped = false } = options;
  const wide = rights.filter(({ namespace }) => namespace === undefined);
  const granted = isNamespaceScoped ? [] : withoutCovered(wide, wide);
  const roles: RoleManifest[] = [];
  if (granted.length > 0) {
    const name = `${subject.name}-${subject.namespace}`;
    roles.push({ kind: 'ClusterRole', name, rules: rulesOf(granted), subject });
  }
  for (const [namespace, own] of byNamespace(rights)) {
    const further = withoutCovered(own, granted);
    if (further.length === 0) continue;
    roles.push({ kind: 'Role', name: subject.name, namespace, rules: rulesOf(further), subject });
  }
  return { roles, leftOut: isNamespaceScoped ? wide : [] };
}

/** The objects as the API takes them: roles, each with its binding. */
export function* rbacObjects(role: RoleManifest): Iterable<Readonly<Record<string, unknown>>> {
  const { kind, name, namespace, rules, subject } = role;
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const metadata = {
    name,
    ...(namespace !== undefined && { namespace }),
    labels: { 'app.kubernetes.io/name': 'target-allocator' },
  };
  yield { apiVersion, kind, metadata, rules: rules.map(({ rule }) => rule) };
  yield {
    ...{ apiVersion, kind: `${kind}Binding`, metadata },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
    subjects: [{ kind: 'ServiceAccount', name: subject.name, namespace: subject.namespace }],
  };
}

function rulesOf(rights: readonly ClusterRight[]): readonly RoleRule[] {
  return rights.map(({ group, resource, resourceName, verbs, need, reasons }) => ({
    rule: {
      apiGroups: [group],
      resources: [resource],
      ...(resourceName !== undefined && { resourceNames: [resourceName] }),
      verbs,
    },
    need,
    reasons,
  }));
}

function byNamespace(rights: readonly ClusterRight[]): ReadonlyMap<string, ClusterRight[]> {
  const found = new Map<string, ClusterRight[]>();
  for (const right of rights) {
    if (right.namespace === undefined) continue;
    const own = found.get(right.namespace) ?? [];
    found.set(right.namespace, [...own, right]);
  }
  return found;
}

function withoutCovered(
  rights: readonly ClusterRight[],
  granted: readonly ClusterRight[],
): readonly ClusterRight[] {
  return rights.filter((right) => !granted.some((one) => one !== right && covers(one, right)));
}

/** What may be taken out of the wide role one day must not take what is always needed with it. */
function covers(wide: ClusterRight, right: ClusterRight): boolean {
  const isSame = wide.group === right.group && wide.resource === right.resource;
  const isLasting = wide.need === 'always' || right.need === 'sometimes';
  const isWhole = wide.resourceName === undefined;
  return isSame && isLasting && isWhole && right.verbs.every((verb) => wide.verbs.includes(verb));
}
