import { labelSetOf, type LabelSet } from '../labels/label-set.js';
import type { Layout } from '../target/layout.js';
import { addressOf, blockOf, labelsOf, type StoredGroup } from '../target/stored-group.js';
import type { Target } from '../target/target.js';

/** A stored target as strategies see it; its labels are put together when they are looked at. */
class RowTarget implements Target {
  readonly job: string;
  readonly address: string;
  readonly #makeLabels: () => LabelSet;
  #labels: LabelSet | undefined;

  constructor(job: string, address: string, makeLabels: () => LabelSet) {
    this.job = job;
    this.address = address;
    this.#makeLabels = makeLabels;
  }

  get labels(): LabelSet {
    return (this.#labels ??= this.#makeLabels());
  }
}

/** Shows stored targets to a strategy, with no more labels than it reads. */
export class TargetReader {
  readonly #reads: readonly string[] | undefined;
  readonly #columns = new WeakMap<Layout, readonly (readonly [string, number])[]>();

  /** @param reads The labels that the strategy looks at; `undefined`: all. */
  constructor(reads: readonly string[] | undefined) {
    this.#reads = reads;
  }

  read(job: string, group: StoredGroup, row: number): Target {
    const reads = this.#reads;
    return new RowTarget(job, addressOf(blockOf(group, row), row), () =>
      reads === undefined ? labelsOf(group, row) : this.#some(reads, group, row),
    );
  }

  #some(reads: readonly string[], group: StoredGroup, row: number): LabelSet {
    const block = blockOf(group, row);
    let columns = this.#columns.get(block.layout);
    if (columns === undefined) {
      columns = columnsOf(block.layout, reads);
      this.#columns.set(block.layout, columns);
    }
    const start = (row - block.first) * block.layout.targetNames.names.length;
    return labelSetOf(
      columns.map(([name, source]) => [
        name,
        (source < 0 ? group.groupValues[~source] : block.values[start + source]) ?? '',
      ]),
    );
  }
}

function columnsOf(layout: Layout, names: readonly string[]): (readonly [string, number])[] {
  return names.flatMap((name) => {
    const at = layout.names.indexOf(name);
    return at < 0 ? [] : [[name, layout.sources[at] ?? 0] as const];
  });
}
