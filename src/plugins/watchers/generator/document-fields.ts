/** Fields of a Prometheus document, under their names there. */
export type DocumentFields = Readonly<Record<string, unknown>>;

/** The fields that have a value. */
export function present(fields: DocumentFields): DocumentFields {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) kept[name] = value;
  return kept;
}

/** A mapping with keys of a tenant's choosing, `__proto__` among them. */
export function userMap<T>(entries: Iterable<readonly [string, T]>): Readonly<Record<string, T>> {
  const map = Object.create(null) as Record<string, T>; // eslint-disable-line @typescript-eslint/no-unsafe-type-assertion -- an object without a prototype has no typed form
  for (const [key, value] of entries) map[key] = value;
  return map;
}
