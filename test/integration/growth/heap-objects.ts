interface Snapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[], ...unknown[]];
    };
  };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

/** All the ways in which V8 keeps text. */
const textTypes: ReadonlySet<string | undefined> = new Set([
  'string',
  'concatenated string',
  'sliced string',
]);

/** Whose number follows what V8 does for itself: code, hidden classes, feedback. */
const engineTypes: ReadonlySet<string | undefined> = new Set([
  'hidden',
  'code',
  'object shape',
  'synthetic',
  'number',
  'bigint',
]);

/**
 * How many objects of each class a heap snapshot has: `(string)` for texts of all kinds, `(closure)` for functions,
 * `(array)` for the insides of arrays, maps and objects.
 */
export function countObjects(heapSnapshot: string): ReadonlyMap<string, number> {
  const { snapshot, nodes, strings } = JSON.parse(heapSnapshot) as Snapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [typeNames] = types;
  const typeAt = fields.indexOf('type');
  const nameAt = fields.indexOf('name');
  const counts = new Map<string, number>();
  for (let node = 0; node < nodes.length; node += fields.length) {
    const type = typeNames[nodes[node + typeAt] ?? 0];
    if (engineTypes.has(type)) continue;
    const className =
      type === 'object' || type === 'native' ? strings[nodes[node + nameAt] ?? 0] : undefined;
    const name = className ?? `(${textTypes.has(type) ? 'string' : String(type)})`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
