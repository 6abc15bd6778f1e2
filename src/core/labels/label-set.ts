/**
 * A set of labels: name to value. Label names may be any UTF-8 text, `__proto__` and `constructor` among them, so every
 * label set is an object **without a prototype** (make one with {@link labelSetOf} or {@link emptyLabelSet}); reading an
 * absent label gives `undefined`, never an inherited property.
 *
 * @see https://prometheus.io/docs/concepts/data_model/
 */
export type LabelSet = Readonly<Record<string, string>>;

/** Makes a label set from name and value pairs; of several pairs with one name the last one wins. */
export function labelSetOf(entries: Iterable<readonly [string, string]>): LabelSet {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- Object.create is typed any; the object is empty
  const labels = Object.create(null) as Record<string, string>;
  for (const [name, value] of entries) labels[name] = value;
  return labels;
}

/** The label set without labels. */
export const emptyLabelSet: LabelSet = Object.freeze(labelSetOf([]));
