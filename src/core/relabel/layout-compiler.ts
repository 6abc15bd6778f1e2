import { isValidLabelName } from '../labels/label-names.js';
import {
  computations,
  decisions,
  deletions,
  mappedName,
  matchFor,
  replacementFor,
  type Computation,
  type Decision,
  type Deletion,
} from './apply-rule.js';
import type { RelabelRule } from './rule.js';
import type { Seed } from './seeds.js';
import { Slots } from './slots.js';

/** One thing to do for each target, on the values of all slots; false drops the target. */
export type Step = (values: string[]) => boolean;

/** Whether targets can get past a rule, and whether it could be compiled at all. */
export type Outcome = 'goes on' | 'drops all' | 'depends on values';

/** The joined source values: known already, or to be read for each target. */
interface Source {
  readonly known: string | undefined;
  readonly read: (values: readonly string[]) => string;
}

/** A label that a `labelmap` rule writes: its value is that of the last of these slots that is not empty. */
interface Copy {
  readonly target: number;
  readonly from: readonly number[];
}

/**
 * Compiles rules one after the other. What is the same for every target with these label names (which labels a rule
 * touches, and every value made only of seeds and constants) is worked out here; steps are made of the rest only. A known
 * value is in no slot at run time unless a step has to be able to leave it there.
 */
export class LayoutCompiler {
  readonly slots: Slots;
  readonly steps: Step[] = [];

  constructor(names: readonly string[]) {
    this.slots = new Slots(names);
  }

  /** Compiles a label that is set where it is absent. */
  seed({ name, value }: Seed): void {
    const slot = this.slots.of(name);
    if (this.slots.known(slot) === '') {
      this.slots.write(slot, value);
      return;
    }
    this.slots.write(slot, undefined);
    this.#always((values) => {
      if (values[slot] === '') values[slot] = value;
    });
  }

  /** Compiles the next rule. */
  rule(rule: RelabelRule): Outcome {
    const decide = decisions.get(rule.action);
    if (decide !== undefined) return this.#decision(rule, decide);
    const compute = computations.get(rule.action);
    if (compute !== undefined) return this.#computation(rule, compute);
    if (rule.action === 'replace') return this.#replace(rule);
    const isDeleted = deletions.get(rule.action);
    return isDeleted === undefined ? this.#labelmap(rule) : this.#deletion(rule, isDeleted);
  }

  #always(action: (values: string[]) => void): void {
    this.steps.push((values) => {
      action(values);
      return true;
    });
  }

  #source(rule: RelabelRule): Source {
    const slots = rule.sourceLabels.map((name) => this.slots.of(name));
    const known = slots.map((slot) => this.slots.known(slot));
    if (known.every((value) => value !== undefined)) {
      const joined = known.join(rule.separator);
      return { known: joined, read: () => joined };
    }
    const [first = 0] = slots;
    if (slots.length === 1) return { known: undefined, read: (values) => values[first] ?? '' };
    const [head = 0, ...tail] = slots.map((slot, i) => known[i] ?? slot);
    const { separator } = rule;
    const read = (values: readonly string[]): string => {
      let joined = typeof head === 'string' ? head : (values[head] ?? '');
      for (const part of tail) {
        joined += separator + (typeof part === 'string' ? part : (values[part] ?? ''));
      }
      return joined;
    };
    return { known: undefined, read };
  }

  /** Notes that a step may write the slot or leave it as it is. */
  #mayWrite(slot: number): void {
    const known = this.slots.known(slot);
    if (known !== undefined) {
      this.#always((values) => {
        values[slot] = known;
      });
    }
    this.slots.write(slot, undefined);
  }

  #decision(rule: RelabelRule, decide: Decision): Outcome {
    const source = this.#source(rule);
    const target = this.#source({ ...rule, sourceLabels: [rule.targetLabel] });
    if (source.known !== undefined && target.known !== undefined) {
      return decide(rule, source.known, target.known) ? 'goes on' : 'drops all';
    }
    this.steps.push((values) => decide(rule, source.read(values), target.read(values)));
    return 'goes on';
  }

  #computation(rule: RelabelRule, compute: Computation): Outcome {
    const source = this.#source(rule);
    const target = this.slots.of(rule.targetLabel);
    if (source.known !== undefined) {
      this.slots.write(target, compute(rule, source.known));
      return 'goes on';
    }
    this.slots.write(target, undefined);
    this.#always((values) => {
      values[target] = compute(rule, source.read(values));
    });
    return 'goes on';
  }

  #replace(rule: RelabelRule): Outcome {
    const source = this.#source(rule);
    if (source.known !== undefined) {
      const replacement = replacementFor(rule, source.known);
      if (replacement !== undefined) {
        this.slots.write(this.slots.of(replacement.name), replacement.value);
      }
      return 'goes on';
    }
    const name = rule.targetTemplate.constant;
    if (name === undefined) return 'depends on values';
    if (!isValidLabelName(name, rule.nameScheme)) return 'goes on';
    const target = this.slots.of(name);
    this.#mayWrite(target);
    this.#always((values) => {
      const match = matchFor(rule, source.read(values));
      if (match !== undefined) values[target] = rule.replacement.expand(match);
    });
    return 'goes on';
  }

  #deletion(rule: RelabelRule, isDeleted: Deletion): Outcome {
    for (const slot of this.slots.possiblyPresent()) {
      if (isDeleted(rule, this.slots.nameOf(slot))) this.slots.write(slot, '');
    }
    return 'goes on';
  }

  #labelmap(rule: RelabelRule): Outcome {
    const sources = new Map<string, number[]>();
    for (const slot of this.slots.possiblyPresent()) {
      const name = mappedName(rule, this.slots.nameOf(slot));
      if (name !== undefined) sources.set(name, [...(sources.get(name) ?? []), slot]);
    }
    const copies: Copy[] = [];
    for (const [name, slots] of sources) {
      const from = this.slots.inBuilderOrder(slots);
      if (from === undefined) return 'depends on values';
      copies.push({ target: this.slots.of(name), from });
    }
    this.#copy(copies);
    return 'goes on';
  }

  /** All values are read before the first one is written: a rule sees the labels as they were before it. */
  #copy(copies: readonly Copy[]): void {
    const before = copies.map(({ from }) => from.map((slot) => this.slots.known(slot) ?? slot));
    const varying = copies.flatMap(({ target }, i): readonly VaryingCopy[] => {
      const sources = (before[i] ?? []).toReversed();
      return typeof sources[0] === 'string' ? [] : [{ target, sources }];
    });
    for (const { target } of varying) this.#mayWrite(target);
    copies.forEach(({ target }, i) => {
      const last = before[i]?.at(-1);
      if (typeof last === 'string') this.slots.write(target, last);
    });
    if (varying.length > 0) this.#always(copier(varying));
  }
}

interface VaryingCopy {
  readonly target: number;
  /** Where the value comes from, the first one that is not empty; a text is a value that is known. */
  readonly sources: readonly (string | number)[];
}

function copier(copies: readonly VaryingCopy[]): (values: string[]) => void {
  const read = new Set(copies.flatMap(({ sources }) => sources));
  const isIndependent = copies.every(
    ({ target, sources }) =>
      typeof sources[0] === 'number' && sources.length === 1 && !read.has(target),
  );
  return isIndependent ? independentCopier(copies) : generalCopier(copies);
}

/** Each copy has one source, and none is the target of another: nothing has to be read before something is written. */
function independentCopier(copies: readonly VaryingCopy[]): (values: string[]) => void {
  const to = Int32Array.from(copies, ({ target }) => target);
  const from = Int32Array.from(copies, ({ sources }) => Number(sources[0]));
  return (values) => {
    for (let i = 0; i < to.length; i++) {
      const value = values[from[i] ?? 0] ?? '';
      if (value !== '') values[to[i] ?? 0] = value;
    }
  };
}

function generalCopier(copies: readonly VaryingCopy[]): (values: string[]) => void {
  const newest: string[] = [];
  return (values) => {
    copies.forEach(({ sources }, i) => {
      newest[i] = firstPresent(sources, values);
    });
    copies.forEach(({ target }, i) => {
      const value = newest[i] ?? '';
      if (value !== '') values[target] = value;
    });
  };
}

function firstPresent(sources: readonly (string | number)[], values: readonly string[]): string {
  for (const source of sources) {
    const value = typeof source === 'string' ? source : (values[source] ?? '');
    if (value !== '') return value;
  }
  return '';
}
