import type { StoredGroup } from '../target/stored-group.js';
import { NONE } from './job-records.js';

/** One group as one job uses it. */
export interface JobGroup {
  /** The number in the job's group column. */
  readonly id: number;
  readonly stored: StoredGroup;
  /** Its first slot. */
  head: number;
  /** Targets of the group that the job's filter keeps, equal ones counted each. */
  kept: number;
  /** Its slots: kept targets without those that equal a later one of the group. */
  slots: number;
}

/** A place for the present state of a group, which keeps its position in the order when the group changes. */
export interface Place {
  readonly provider: string;
  readonly source: string;
  /** `undefined`: the group has gone. */
  current: JobGroup | undefined;
}

const byProviderAndSource = (a: Place, b: Place): number =>
  a.provider === b.provider ? compare(a.source, b.source) : compare(a.provider, b.provider);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Whether the first group's target is the one that is shown when both have the same one. Any fixed order would do, as
 * long as it is not that of events.
 */
export function takesPrecedence(a: StoredGroup, b: StoredGroup): boolean {
  return byProviderAndSource({ ...a, current: undefined }, { ...b, current: undefined }) > 0;
}

/** The groups that a job keeps targets of; those of which it keeps none cost it nothing. */
export class JobGroups {
  readonly #byId: (JobGroup | undefined)[] = [];
  readonly #freeIds: number[] = [];
  readonly #places = new Map<string, Map<string, Place>>();
  readonly #order = new PlaceOrder();

  /** The group of a slot. */
  get(id: number): JobGroup {
    const group = this.#byId[id];
    if (group === undefined) throw new RangeError(`no group ${id}`);
    return group;
  }

  find(provider: string, source: string): JobGroup | undefined {
    return this.#places.get(provider)?.get(source)?.current;
  }

  /** Gives a group's new state a number; it is not found before it is {@link commit}ted. */
  reserve(stored: StoredGroup): JobGroup {
    const id = this.#freeIds.pop() ?? this.#byId.length;
    const group: JobGroup = { id, stored, head: NONE, kept: 0, slots: 0 };
    this.#byId[id] = group;
    return group;
  }

  /**
   * Makes a state of a group the present one.
   *
   * @param group `undefined`: the job keeps nothing of it any more.
   */
  commit({ provider, source }: StoredGroup, group: JobGroup | undefined): void {
    const places = this.#places.get(provider);
    const place = places?.get(source);
    if (place !== undefined) {
      if (place.current !== undefined) this.#release(place.current);
      place.current = group;
      if (group === undefined) this.#remove(place);
    } else if (group !== undefined) {
      const added: Place = { provider, source, current: group };
      if (places === undefined) this.#places.set(provider, new Map([[source, added]]));
      else places.set(source, added);
      this.#order.add(added);
    }
  }

  /** All groups, each at its place, sorted by provider and source. */
  ordered(): readonly Place[] {
    return this.#order.sorted();
  }

  #release(group: JobGroup): void {
    this.#byId[group.id] = undefined;
    this.#freeIds.push(group.id);
  }

  #remove(place: Place): void {
    const places = this.#places.get(place.provider);
    places?.delete(place.source);
    if (places?.size === 0) this.#places.delete(place.provider);
    this.#order.remove();
  }
}

/** So many places are sorted when they have come together. */
const RUN_LENGTH = 1024;

/**
 * Keeps places sorted in runs that are merged when they are of similar length, so that no single step sorts a hundred
 * thousand of them and one more place does not cost a pass over all.
 */
class PlaceOrder {
  #runs: Place[][] = [];
  #open: Place[] = [];
  #hasRemoved = false;

  add(place: Place): void {
    this.#open.push(place);
    if (this.#open.length >= RUN_LENGTH) this.#closeRun();
  }

  /** A place has lost its group. */
  remove(): void {
    this.#hasRemoved = true;
  }

  sorted(): readonly Place[] {
    if (this.#hasRemoved) {
      const isPresent = ({ current }: Place): boolean => current !== undefined;
      this.#runs = this.#runs.map((run) => run.filter(isPresent));
      this.#open = this.#open.filter(isPresent);
      this.#hasRemoved = false;
    }
    if (this.#open.length > 0) this.#closeRun();
    while (this.#runs.length > 1) this.#mergeLast();
    return this.#runs[0] ?? [];
  }

  #closeRun(): void {
    this.#runs.push(this.#open.sort(byProviderAndSource));
    this.#open = [];
    while (this.#isLastSimilar()) this.#mergeLast();
  }

  #isLastSimilar(): boolean {
    const [before, last] = this.#runs.slice(-2);
    return before !== undefined && last !== undefined && before.length < 2 * last.length;
  }

  #mergeLast(): void {
    const last = this.#runs.pop() ?? [];
    const before = this.#runs.pop() ?? [];
    this.#runs.push(merged(before, last));
  }
}

function merged(a: readonly Place[], b: readonly Place[]): Place[] {
  const all: Place[] = [];
  let at = 0;
  for (const place of b) {
    for (let next = a[at]; next !== undefined && byProviderAndSource(next, place) < 0;) {
      all.push(next);
      next = a[++at];
    }
    all.push(place);
  }
  return all.concat(a.slice(at));
}
