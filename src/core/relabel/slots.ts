import { compareUtf8 } from '../labels/compare-utf8.js';

interface Slot {
  readonly name: string;
  /** The value at this point of the rules where it is the same for every target; `''`: certainly absent. */
  known: string | undefined;
  /** A label of the input that no rule has written so far. */
  isUntouched: boolean;
  readonly isInput: boolean;
}

/**
 * What is known of each label while rules are compiled one after the other: a place (slot) for its value at run time, and
 * the value itself where no target can differ. The first slots are the input's labels in their order.
 */
export class Slots {
  readonly #slots: Slot[] = [];
  readonly #byName = new Map<string, number>();

  constructor(inputNames: readonly string[]) {
    for (const name of inputNames) {
      this.#add({ name, known: undefined, isUntouched: true, isInput: true });
    }
  }

  /** How many slots there are. */
  get size(): number {
    return this.#slots.length;
  }

  /** The slot of a label; that of a label which no target can have so far is known to be empty. */
  of(name: string): number {
    return (
      this.#byName.get(name) ?? this.#add({ name, known: '', isUntouched: false, isInput: false })
    );
  }

  nameOf(slot: number): string {
    return this.#slots[slot]?.name ?? '';
  }

  /** The value that every target has here; `undefined`: they differ. */
  known(slot: number): string | undefined {
    return this.#slots[slot]?.known;
  }

  /** Notes that a rule writes the slot: with this value for every target, or (`undefined`) with different ones. */
  write(slot: number, known: string | undefined): void {
    const written = this.#slots[slot];
    if (written === undefined) return;
    written.known = known;
    written.isUntouched = false;
  }

  /** The slots of the labels that a target can have here. */
  possiblyPresent(): readonly number[] {
    return [...this.#slots.keys()].filter((slot) => this.known(slot) !== '');
  }

  /**
   * Sorts slots as {@link LabelBuilder} goes through their labels: untouched ones by name, then written ones, oldest
   * first. `undefined` when that order can differ between targets.
   */
  inBuilderOrder(slots: readonly number[]): readonly number[] | undefined {
    if (slots.length === 1) return slots;
    const untouched = slots.filter((slot) => this.#slots[slot]?.isUntouched === true);
    const written = slots.filter((slot) => this.#slots[slot]?.isUntouched !== true);
    const isDoubtful = written.some((slot) => this.#slots[slot]?.isInput === true);
    if (written.length > 1 || isDoubtful) return undefined;
    untouched.sort((a, b) => compareUtf8(this.nameOf(a), this.nameOf(b)));
    return [...untouched, ...written];
  }

  #add(slot: Slot): number {
    const index = this.#slots.push(slot) - 1;
    this.#byName.set(slot.name, index);
    return index;
  }
}
