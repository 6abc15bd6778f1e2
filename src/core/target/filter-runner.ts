import { isMetaLabel } from '../labels/label-names.js';
import { labelSetOf, type LabelSet } from '../labels/label-set.js';
import type { LabelHash } from './identity.js';
import type { Layout } from './layout.js';
import { labelsOf, readRow, blockOf, type Block, type StoredGroup } from './stored-group.js';
import type { FilterProgram, JobFilter } from './target-filter.js';

/** A program, with what its identities are made from. */
interface Compiled {
  readonly program: FilterProgram;
  /** The outputs that take part in the identity: all but the meta labels. */
  readonly columns: Int32Array;
  /** By position in `columns`: the hash of the label's name, and the former row's value with its hash. */
  readonly nameHigh: Int32Array;
  readonly nameLow: Int32Array;
  readonly lastHigh: Int32Array;
  readonly lastLow: Int32Array;
  readonly lastValue: string[];
}

interface LayoutEntry {
  /** Rows that went the general way. */
  rows: number;
  compiled: Compiled | undefined;
  /** The filter declined to compile for this layout. */
  isGeneral: boolean;
}

/** Compiling costs about as much as relabelling this many targets the general way. */
const ROWS_BEFORE_COMPILING = 8;
/** Filters times layouts can be millions (a thousand jobs that share a provider); beyond this all are forgotten. */
const MAX_PROGRAMS = 20_000;

/** Bounds the compiled programs of all filters together. */
export class ProgramBudget {
  #used = 0;
  /** Programs of an earlier epoch are to be dropped. */
  epoch = 0;

  take(): void {
    if (++this.#used <= MAX_PROGRAMS) return;
    this.#used = 1;
    this.epoch++;
  }
}

/** Without a filter every target is kept as it is. */
function passThrough(names: readonly string[]): FilterProgram {
  return {
    outputNames: names,
    run(input, output) {
      for (let i = 0; i < names.length; i++) output[i] = input[i] ?? '';
      return true;
    },
  };
}

/** Runs one filter on stored rows and makes identities of what comes out. Jobs with an equal filter share one. */
export class FilterRunner {
  readonly #filter: JobFilter | undefined;
  readonly #hash: LabelHash;
  readonly #budget: ProgramBudget;
  /** Whose programs this one runs; `undefined`: its own. */
  #origin: FilterRunner | undefined;
  #entries = new WeakMap<Layout, LayoutEntry>();
  #epoch = 0;
  readonly #input: string[] = [];
  readonly #output: string[] = [];
  readonly #other: string[] = [];
  /** The identity of the last row that was kept: the sum of its labels' hashes, so that their order is no matter. */
  high = 0;
  low = 0;

  constructor(filter: JobFilter | undefined, hash: LabelHash, budget: ProgramBudget) {
    this.#filter = filter;
    this.#hash = hash;
    this.#budget = budget;
  }

  /** A runner of the same filter that makes identities of another hash. It runs this one's programs. */
  withHash(hash: LabelHash): FilterRunner {
    const runner = new FilterRunner(this.#filter, hash, this.#budget);
    runner.#origin = this;
    return runner;
  }

  /**
   * Filters a row and, when it is kept, sets {@link high} and {@link low}.
   *
   * @returns Whether the target is kept.
   * @throws Whatever the filter throws.
   */
  run(group: StoredGroup, block: Block, row: number): boolean {
    const compiled = this.#compiled(block.layout, block.rows);
    if (compiled === undefined) return this.#runGeneral(group, row);
    readRow(group, block, row, this.#input);
    if (!compiled.program.run(this.#input, this.#output)) return false;
    this.#addUp(compiled);
    return true;
  }

  /**
   * The labels after relabeling that make the identity: neither `__meta_*` nor empty; `undefined`: dropped.
   *
   * @throws Whatever the filter throws.
   */
  identityLabels(group: StoredGroup, row: number): LabelSet | undefined {
    const labels = this.#relabel(group, row);
    if (labels === undefined) return undefined;
    const entries = Object.entries(labels);
    return labelSetOf(entries.filter(([name, value]) => value !== '' && !isMetaLabel(name)));
  }

  /** Whether two targets are the same one after relabeling. A filter that throws on one makes them different. */
  isSame(a: StoredGroup, rowOfA: number, b: StoredGroup, rowOfB: number): boolean {
    try {
      const blockOfA = blockOf(a, rowOfA);
      const blockOfB = blockOf(b, rowOfB);
      const compiled = this.#entries.get(blockOfA.layout)?.compiled;
      if (compiled === undefined || blockOfA.layout !== blockOfB.layout) {
        return isSameLabels(this.identityLabels(a, rowOfA), this.identityLabels(b, rowOfB));
      }
      const first = this.#other;
      readRow(a, blockOfA, rowOfA, this.#input);
      if (!compiled.program.run(this.#input, first)) return false;
      readRow(b, blockOfB, rowOfB, this.#input);
      if (!compiled.program.run(this.#input, this.#output)) return false;
      return compiled.columns.every((column) => first[column] === this.#output[column]);
    } catch {
      // The pipeline has counted it when it ran the filter itself.
      return false;
    }
  }

  #relabel(group: StoredGroup, row: number): LabelSet | undefined {
    const block = blockOf(group, row);
    const compiled = this.#compiled(block.layout, 1);
    if (compiled === undefined) return this.#filter?.run(labelsOf(group, row));
    const output: string[] = [];
    readRow(group, block, row, this.#input);
    if (!compiled.program.run(this.#input, output)) return undefined;
    return labelSetOf(compiled.program.outputNames.map((name, i) => [name, output[i] ?? '']));
  }

  #runGeneral(group: StoredGroup, row: number): boolean {
    const labels = this.#filter?.run(labelsOf(group, row));
    if (labels === undefined) return false;
    const hash = this.#hash;
    let high = 0;
    let low = 0;
    for (const name in labels) {
      const value = labels[name] ?? '';
      if (value === '' || isMetaLabel(name)) continue;
      hash.name(name);
      hash.value(value, hash.high, hash.low);
      high = (high + hash.high) | 0;
      low = (low + hash.low) | 0;
    }
    this.high = high;
    this.low = low;
    return true;
  }

  /**
   * A label that has the former row's value (all that come from the group, and many more) is not hashed again; this is
   * how a group's part of the identity is computed once although nobody knows which outputs come from the group.
   */
  #addUp(compiled: Compiled): void {
    const { columns, lastValue, lastHigh, lastLow } = compiled;
    const hash = this.#hash;
    let high = 0;
    let low = 0;
    for (let i = 0; i < columns.length; i++) {
      const value = this.#output[columns[i] ?? 0] ?? '';
      if (value === '') continue;
      if (value !== lastValue[i]) {
        hash.value(value, compiled.nameHigh[i] ?? 0, compiled.nameLow[i] ?? 0);
        lastValue[i] = value;
        lastHigh[i] = hash.high;
        lastLow[i] = hash.low;
      }
      high = (high + (lastHigh[i] ?? 0)) | 0;
      low = (low + (lastLow[i] ?? 0)) | 0;
    }
    this.high = high;
    this.low = low;
  }

  #compiled(layout: Layout, rowsToCome: number): Compiled | undefined {
    if (this.#epoch !== this.#budget.epoch) {
      this.#entries = new WeakMap();
      this.#epoch = this.#budget.epoch;
    }
    let entry = this.#entries.get(layout);
    if (entry === undefined) {
      entry = { rows: 0, compiled: undefined, isGeneral: false };
      this.#entries.set(layout, entry);
    }
    if (entry.compiled !== undefined || entry.isGeneral) return entry.compiled;
    const isWorthwhile = entry.rows + rowsToCome > ROWS_BEFORE_COMPILING;
    if (this.#filter !== undefined && !isWorthwhile) {
      entry.rows++;
      return undefined;
    }
    const program = this.#programFor(layout, rowsToCome);
    entry.compiled = program && this.#compile(program);
    entry.isGeneral = program === undefined && this.#origin === undefined;
    return entry.compiled;
  }

  /** Where the other runner has no program yet it may have one later. */
  #programFor(layout: Layout, rowsToCome: number): FilterProgram | undefined {
    if (this.#origin !== undefined) return this.#origin.#compiled(layout, rowsToCome)?.program;
    const filter = this.#filter;
    const program =
      filter === undefined ? passThrough(layout.names) : tryCompile(filter, layout.names);
    if (program !== undefined) this.#budget.take();
    return program;
  }

  #compile(program: FilterProgram): Compiled {
    const columns = program.outputNames.flatMap((name, i) => (isMetaLabel(name) ? [] : [i]));
    const width = columns.length;
    const compiled: Compiled = {
      program,
      columns: Int32Array.from(columns),
      nameHigh: new Int32Array(width),
      nameLow: new Int32Array(width),
      lastHigh: new Int32Array(width),
      lastLow: new Int32Array(width),
      lastValue: columns.map(() => ''),
    };
    columns.forEach((column, i) => {
      this.#hash.name(program.outputNames[column] ?? '');
      compiled.nameHigh[i] = this.#hash.high;
      compiled.nameLow[i] = this.#hash.low;
    });
    return compiled;
  }
}

function isSameLabels(a: LabelSet | undefined, b: LabelSet | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** A filter that cannot compile still answers the general way, where its error is seen and counted for each target. */
function tryCompile(filter: JobFilter, names: readonly string[]): FilterProgram | undefined {
  try {
    return filter.compile?.(names);
  } catch {
    return undefined;
  }
}
