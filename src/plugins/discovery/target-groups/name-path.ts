import { compareUtf8 } from '../../../plugin-api/index.js';
import { QuotedName } from './quoted-name.js';
import type { TextUse } from './text-pool.js';

/** The labels of groups that have the same names in the same order. */
export interface WrittenNames {
  /** Sorted by {@link compareUtf8}, with the name of the label that tells of the origin. */
  readonly names: readonly string[];
  /** For each label, in the order in which they are written, its position among the names. */
  readonly positions: Int32Array;
  readonly originPosition: number;
}

/** All paths together: names that differ from group to group must not be kept for ever. */
const MAX_STEPS = 2_048;
/** Groups with more labels are left to others: each new name is compared with all before it. */
const MAX_DEPTH = 256;

/** A label's name as it is written behind certain others; and how much its values repeat. */
export class NameStep implements TextUse {
  tries = 0;
  hits = 0;
  readonly quoted: QuotedName | undefined;
  readonly #depth: number;
  /** The step that came last behind this one, and most likely comes again, if its name can be written in one way only. */
  likely: NameStep | undefined;
  /** Most have one step behind them. */
  #next: NameStep | Map<string, NameStep> | undefined;
  #names: WrittenNames | undefined;

  constructor(
    readonly name: string,
    readonly before: NameStep | undefined,
  ) {
    this.quoted = QuotedName.of(name);
    this.#depth = before === undefined ? 0 : before.#depth + 1;
  }

  next(name: string): NameStep | undefined {
    if (this.#next instanceof Map) return this.#next.get(name);
    return this.#next?.name === name ? this.#next : undefined;
  }

  add(step: NameStep): void {
    if (this.#next instanceof NameStep) this.#next = new Map([[this.#next.name, this.#next]]);
    if (this.#next === undefined) this.#next = step;
    else this.#next.set(step.name, step);
  }

  /** Of the labels up to this one. */
  names(originLabel: string): WrittenNames {
    return (this.#names ??= this.#namesWith(originLabel));
  }

  /** Whether the name may follow: it must not stand on the way here already. */
  takes(name: string): boolean {
    if (this.#depth === MAX_DEPTH) return false;
    for (const step of wayTo(this)) if (step.name === name) return false;
    return true;
  }

  #namesWith(originLabel: string): WrittenNames {
    const written = Array.from(wayTo(this), ({ name }) => name).reverse();
    const names = [...new Set([...written, originLabel])].sort(compareUtf8);
    const positionOf = new Map(names.map((name, i) => [name, i]));
    return {
      names,
      positions: Int32Array.from(written, (name) => positionOf.get(name) ?? -1),
      originPosition: positionOf.get(originLabel) ?? -1,
    };
  }
}

/** The step and those before it, without the beginning, which has no name. */
function* wayTo(last: NameStep): Iterable<NameStep> {
  for (let step = last; step.before !== undefined; step = step.before) yield step;
}

/** Finds which names groups have: by comparison with those of the group before, most often. */
export class NamePaths {
  static readonly #all = new Map<string, NamePaths>();
  #start = new NameStep('', undefined);
  #steps = 0;

  /** @param originLabel The label that tells of the origin: a few are used, each by a kind of source. */
  static of(originLabel: string): NamePaths {
    let paths = NamePaths.#all.get(originLabel);
    if (paths === undefined) {
      paths = new NamePaths();
      NamePaths.#all.set(originLabel, paths);
    }
    return paths;
  }

  /** Where each group's names begin. */
  get start(): NameStep {
    return this.#start;
  }

  /** @returns The step to this name; `undefined`: it would be there twice, or there are too many. */
  follow(step: NameStep, name: string): NameStep | undefined {
    const next = step.next(name) ?? this.#make(step, name);
    if (next?.quoted !== undefined) step.likely = next;
    return next;
  }

  #make(before: NameStep, name: string): NameStep | undefined {
    if (!before.takes(name)) return undefined;
    if (++this.#steps > MAX_STEPS) {
      // Those under way stay usable until their group is read.
      this.#start = new NameStep('', undefined);
      this.#steps = 0;
    }
    const step = new NameStep(name, before);
    before.add(step);
    return step;
  }
}
