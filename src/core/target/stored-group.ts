import { labelSetOf, type LabelSet } from '../labels/label-set.js';
import type { Layout } from './layout.js';
import type { NameList } from './name-table.js';

/** A run of targets of one group that have the same label names. */
export interface Block {
  readonly layout: Layout;
  /** The group's row number of the first target. */
  readonly first: number;
  readonly rows: number;
  /** The targets' own values, row after row, in the order of the layout's target names. */
  readonly values: readonly string[];
}

/**
 * A target group in columns. It is never changed: a changed group is a new object, so that whoever still holds this one
 * (an answer under way, a job that is not recomputed yet) reads a consistent state.
 */
export interface StoredGroup {
  readonly provider: string;
  readonly source: string;
  readonly rows: number;
  readonly groupNames: NameList;
  readonly groupValues: readonly string[];
  readonly blocks: readonly Block[];
}

/** Rows of a block beyond this begin a new one: huge arrays are slow to grow and, in V8, to index. */
export const MAX_BLOCK_ROWS = 4096;

/**
 * The block that holds a row.
 *
 * @throws RangeError when the group has no such row.
 */
export function blockOf(group: StoredGroup, row: number): Block {
  const { blocks } = group;
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((blocks[middle]?.first ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  const block = blocks[low];
  if (block === undefined) throw new RangeError(`group ${group.source} has no row ${row}`);
  return block;
}

/** Writes the values of all labels of a row, in the order of the layout's names. */
export function readRow(group: StoredGroup, block: Block, row: number, values: string[]): void {
  const { sources, targetNames } = block.layout;
  const start = (row - block.first) * targetNames.names.length;
  for (let i = 0; i < sources.length; i++) {
    const source = sources[i] ?? 0;
    const value = source < 0 ? group.groupValues[~source] : block.values[start + source];
    values[i] = value ?? '';
  }
}

/** The target's own `__address__`, `''` without one. */
export function addressOf(block: Block, row: number): string {
  const { addressColumn, targetNames } = block.layout;
  if (addressColumn < 0) return '';
  return block.values[(row - block.first) * targetNames.names.length + addressColumn] ?? '';
}

/** The labels of a row: the group's and the target's own. */
export function labelsOf(group: StoredGroup, row: number): LabelSet {
  const block = blockOf(group, row);
  const values: string[] = [];
  readRow(group, block, row, values);
  return labelSetOf(block.layout.names.map((name, i) => [name, values[i] ?? '']));
}

/** Whether two lists of names are the same; they most often are one object. */
export function sameNames(a: NameList, b: NameList): boolean {
  return (
    a === b || (a.names.length === b.names.length && a.names.every((n, i) => n === b.names[i]))
  );
}

/** Whether two groups give the same labels to each of their targets. */
export function sameGroupLabels(a: StoredGroup, b: StoredGroup): boolean {
  return (
    sameNames(a.groupNames, b.groupNames) &&
    a.groupValues.every((value, i) => value === b.groupValues[i])
  );
}
