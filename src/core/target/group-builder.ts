import { ColumnGroup } from './column-group.js';
import { LayoutTable, type Layout } from './layout.js';
import { NameTable, type NameList, type Shape } from './name-table.js';
import { RowMatcher, type RowPlace } from './row-matcher.js';
import { MAX_BLOCK_ROWS, sameGroupLabels, type Block, type StoredGroup } from './stored-group.js';
import type { TargetGroup } from './target-group.js';
import { ValuePool } from './value-pool.js';

/** A group's new state, and what of it was there before. */
export interface BuiltGroup {
  readonly group: StoredGroup;
  readonly former: StoredGroup | undefined;
  /** For each row the former row with the same labels, the group's included, or -1; `undefined`: none is. */
  readonly origins: Int32Array | undefined;
}

const ROWS_PER_STEP = 128;
const NO_VALUES: readonly string[] = [];

/** Turns discovered groups into columns. */
export class GroupBuilder {
  readonly #names = new NameTable();
  readonly #layouts = new LayoutTable();
  readonly #pool = new ValuePool();
  readonly #scratch: string[] = [];
  #likelyGroup = this.#names.empty;
  #likelyTarget = this.#names.empty;
  /** The names of the last group that came in columns, and their shape. */
  #columnNames: readonly string[] = [];
  #columnShape = this.#names.empty;
  readonly #addressOnly = this.#names.find(['__address__']).list;

  /**
   * Yields between rows; nothing is changed by it.
   *
   * @returns The group in columns; `undefined` when it equals its former state.
   */
  *build(
    provider: string,
    input: TargetGroup,
    former: StoredGroup | undefined,
  ): Generator<void, BuiltGroup | undefined> {
    const columns = former === undefined ? this.#takeColumns(provider, input) : undefined;
    if (columns !== undefined) return { group: columns, former, origins: undefined };
    const head = this.#readGroup(input, former);
    const rows = input.targets.length;
    const matcher = former && new RowMatcher(former, rows);
    const blocks = yield* this.#readRows(input, head.shape.list, matcher);
    const group: StoredGroup = {
      provider,
      source: input.source,
      rows,
      groupNames: head.shape.list,
      groupValues: head.values,
      blocks,
    };
    if (matcher === undefined) return { group, former, origins: undefined };
    const hasSameLabels = sameGroupLabels(group, matcher.former);
    if (hasSameLabels && matcher.isSame) return undefined;
    return { group, former, origins: hasSameLabels ? matcher.origins : undefined };
  }

  /** A new group that came in columns is stored as it is; `undefined`: it has to be read label by label. */
  #takeColumns(provider: string, input: TargetGroup): StoredGroup | undefined {
    if (!(input instanceof ColumnGroup)) return undefined;
    const { source, names, values, addresses } = input;
    const rows = addresses.length;
    if (rows > MAX_BLOCK_ROWS) return undefined;
    if (this.#columnNames !== names) {
      this.#columnShape = this.#names.find(names);
      this.#columnNames = names;
    }
    const { keys, list } = this.#columnShape;
    // Names that are not sorted as they should be.
    if (keys !== list.names) return undefined;
    const layout = this.#layouts.find(list, this.#addressOnly);
    const blocks = [{ layout, first: 0, rows, values: addresses }];
    return { provider, source, rows, groupNames: list, groupValues: values, blocks };
  }

  #readGroup(
    input: TargetGroup,
    former: StoredGroup | undefined,
  ): { readonly shape: Shape; readonly values: readonly string[] } {
    const raw = this.#scratch;
    const shape = this.#names.read(input.labels, this.#likelyGroup, raw);
    this.#likelyGroup = shape;
    const use = this.#pool.useOf(shape.list);
    const likely = former?.groupNames === shape.list ? former.groupValues : [];
    if (shape.keys.length === 0) return { shape, values: NO_VALUES };
    const values = new Array<string>(shape.keys.length);
    for (let i = 0; i < shape.keys.length; i++) {
      const at = shape.positions[i] ?? 0;
      const value = raw[i] ?? '';
      const same = likely[at];
      values[at] = same === value ? same : this.#pool.intern(use, at, value);
    }
    return { shape, values };
  }

  *#readRows(
    input: TargetGroup,
    groupNames: NameList,
    matcher: RowMatcher | undefined,
  ): Generator<void, readonly Block[]> {
    const raw = this.#scratch;
    const blocks: Block[] = [];
    let open: OpenBlock | undefined;
    let row = 0;
    for (const labels of input.targets) {
      const shape = this.#names.read(labels, this.#likelyTarget, raw);
      this.#likelyTarget = shape;
      if (!open?.takes(shape)) {
        if (open !== undefined) blocks.push(open.close());
        open = new OpenBlock(this.#layouts.find(groupNames, shape.list), row, this.#pool);
      }
      // The scratch row stays as it is while this yields: one group is built at a time.
      const origin = matcher && (yield* matcher.match(shape, raw, labels['__address__'] ?? ''));
      if (origin === undefined) open.add(shape, raw);
      else open.copy(origin);
      if (++row % ROWS_PER_STEP === 0) yield;
    }
    if (open !== undefined) blocks.push(open.close());
    // A copy has no room to spare, which an array that has grown has: much, for a group of one block.
    return blocks.slice();
  }
}

/** A block that still takes rows. */
class OpenBlock {
  readonly #layout: Layout;
  readonly #first: number;
  readonly #pool: ValuePool;
  readonly #values: string[] = [];
  /** The former block whose first rows all of this block's rows so far are; its values need no copy. */
  #copied: Block | undefined;
  #rows = 0;

  constructor(layout: Layout, first: number, pool: ValuePool) {
    this.#layout = layout;
    this.#first = first;
    this.#pool = pool;
  }

  takes(shape: Shape): boolean {
    return shape.list === this.#layout.targetNames && this.#rows < MAX_BLOCK_ROWS;
  }

  /** Adds a row; a value that equals the one above it is that string. */
  add(shape: Shape, raw: readonly string[]): void {
    this.#takeCopied();
    const values = this.#values;
    const width = shape.positions.length;
    const start = this.#rows * width;
    const use = this.#pool.useOf(shape.list);
    for (let i = 0; i < width; i++) values.push('');
    for (let i = 0; i < width; i++) {
      const at = shape.positions[i] ?? 0;
      const value = raw[i] ?? '';
      const above = start > 0 ? values[start - width + at] : undefined;
      values[start + at] = above === value ? above : this.#pool.intern(use, at, value);
    }
    this.#rows++;
  }

  /** Adds a row of the former group, whose strings are kept. */
  copy({ block, row }: RowPlace): void {
    const at = row - block.first;
    if (this.#rows === 0) this.#copied = block;
    if (this.#copied !== block || at !== this.#rows) {
      this.#takeCopied();
      this.#push(block.values, at, 1);
    }
    this.#rows++;
  }

  /** A copy of the values has no room to spare, which a grown array has. */
  close(): Block {
    return { layout: this.#layout, first: this.#first, rows: this.#rows, values: this.#close() };
  }

  #close(): readonly string[] {
    if (this.#copied?.rows === this.#rows) return this.#copied.values;
    this.#takeCopied();
    return this.#values.slice();
  }

  /** From here on the rows differ from those of the former block: what was the same is copied. */
  #takeCopied(): void {
    if (this.#copied === undefined) return;
    this.#push(this.#copied.values, 0, this.#rows);
    this.#copied = undefined;
  }

  #push(values: readonly string[], firstRow: number, rows: number): void {
    const width = this.#layout.targetNames.names.length;
    const end = (firstRow + rows) * width;
    for (let i = firstRow * width; i < end; i++) this.#values.push(values[i] ?? '');
  }
}
