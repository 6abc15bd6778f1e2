import { compareUtf8 } from '../labels/compare-utf8.js';
import type { NameList } from './name-table.js';

/** How a column of a layout is reached: a position among the target's own values, or `~position` among the group's. */
export type ColumnSource = number;

/**
 * The labels that targets of one form have: which names, sorted as they are served, and where each value is kept. All
 * groups with the same names share one layout.
 */
export interface Layout {
  readonly groupNames: NameList;
  readonly targetNames: NameList;
  /** The merged names, sorted by their UTF-8 bytes. */
  readonly names: readonly string[];
  /** For each merged name its {@link ColumnSource}; a target's own label hides its group's. */
  readonly sources: Int32Array;
  /** The position of the target's own `__address__` among its values, -1 without one. */
  readonly addressColumn: number;
}

/** Makes the layout of groups with these names. */
function makeLayout(groupNames: NameList, targetNames: NameList): Layout {
  const sourceOf = new Map<string, ColumnSource>();
  groupNames.names.forEach((name, i) => sourceOf.set(name, ~i));
  targetNames.names.forEach((name, i) => sourceOf.set(name, i));
  const names = [...sourceOf.keys()].sort(compareUtf8);
  return {
    groupNames,
    targetNames,
    names,
    sources: Int32Array.from(names, (name) => sourceOf.get(name) ?? 0),
    addressColumn: targetNames.names.indexOf('__address__'),
  };
}

/** Finds layouts; they live as long as a group uses their lists of names. */
export class LayoutTable {
  readonly #layouts = new WeakMap<NameList, WeakMap<NameList, Layout>>();

  find(groupNames: NameList, targetNames: NameList): Layout {
    let ofGroup = this.#layouts.get(groupNames);
    if (ofGroup === undefined) {
      ofGroup = new WeakMap();
      this.#layouts.set(groupNames, ofGroup);
    }
    let layout = ofGroup.get(targetNames);
    if (layout === undefined) {
      layout = makeLayout(groupNames, targetNames);
      ofGroup.set(targetNames, layout);
    }
    return layout;
  }
}
