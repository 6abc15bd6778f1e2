export type RightVerb = 'get' | 'list' | 'watch' | 'create' | 'update';

/** Which setting asks for a right. */
export interface RightReason {
  /** Key path in the configuration; jobs go by their names: `config.scrape_configs["shop"].kubernetes_sd_configs[0]`. */
  readonly path: string;
  /** What it is for, in a clause. */
  readonly why: string;
  /** What becomes of it without the right, in a clause. */
  readonly loss: string;
}

/** Verbs on a kind of objects of the allocator's own cluster. */
export interface ClusterRight {
  /** `''` for the core group. */
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly RightVerb[];
  /** Absent: all namespaces, or a kind that is in none. */
  readonly namespace?: string;
  /** Absent: objects of any name. */
  readonly resourceName?: string;
  /** `sometimes`: what is in the cluster decides; the reasons say when. */
  readonly need: 'always' | 'sometimes';
  readonly reasons: readonly RightReason[];
}

/** Which objects, and what may be done with them; nothing of why. */
export type RightScope = Omit<ClusterRight, 'need' | 'reasons'>;

/** `list pods in namespace shop`; verbs that go together are joined by commas. */
export function describeRight({
  group,
  resource,
  verbs,
  namespace,
  resourceName,
}: RightScope): string {
  const kind = group === '' ? resource : `${resource}.${group}`;
  const name = resourceName === undefined ? '' : ` named ${resourceName}`;
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  return `${verbs.join(', ')} ${kind}${name}${where}`;
}

/** Rights to the same objects become one with all their reasons. Sorted: those of the whole cluster first. */
export function mergeRights(rights: Iterable<ClusterRight>): readonly ClusterRight[] {
  const merged = new Map<string, ClusterRight>();
  for (const right of rights) {
    const key = keyOf(right);
    const former = merged.get(key);
    merged.set(key, former === undefined ? right : join(former, right));
  }
  const entries = [...merged].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([, right]) => right);
}

function join(former: ClusterRight, right: ClusterRight): ClusterRight {
  const isAlways = former.need === 'always' || right.need === 'always';
  return {
    ...former,
    need: isAlways ? 'always' : 'sometimes',
    reasons: [...former.reasons, ...right.reasons.filter((one) => !isAmong(one, former.reasons))],
  };
}

/** Two kinds may ask for the same for the same reason; it is told once. */
function isAmong({ path, why, loss }: RightReason, reasons: readonly RightReason[]): boolean {
  return reasons.some((one) => one.path === path && one.why === why && one.loss === loss);
}

function keyOf({ group, resource, verbs, namespace, resourceName }: ClusterRight): string {
  return [namespace ?? '', group, resource, resourceName ?? '', verbs.join(',')].join('\n');
}
