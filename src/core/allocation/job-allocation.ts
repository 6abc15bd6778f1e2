import type { FilterRunner } from '../target/filter-runner.js';
import type { Guide } from './guide.js';
import { JobGroups, takesPrecedence, type JobGroup } from './job-groups.js';
import { JobRecords, NONE, SHADOWED, UNASSIGNED } from './job-records.js';
import type { Loads, Part } from './loads.js';
import type { Placement } from './placement.js';
import type { TargetReader } from './target-reader.js';
import type { Versions } from './versions.js';

/** What the assignments of a job are made with. */
export interface AllocationContext {
  readonly placement: Placement;
  readonly loads: Loads;
  readonly versions: Versions;
  readonly reader: TargetReader;
  /** `undefined`: the strategy alone decides. */
  readonly guide: Guide | undefined;
}

/** A target that is new in a group. */
export interface NewTarget {
  readonly group: JobGroup;
  readonly row: number;
  readonly high: number;
  readonly low: number;
  readonly key: number;
}

/**
 * One job's targets and who has them. Its methods keep these facts true: each identity has exactly one slot that is not
 * {@link SHADOWED}, and counts and loads are those of the owner column.
 */
export class JobAllocation {
  readonly name: string;
  readonly runner: FilterRunner;
  readonly groups: JobGroups;
  readonly records: JobRecords;
  /** By the collector's index; only collectors that have targets of the job. */
  readonly parts: Map<number, Part>;
  /** Why the strategy failed, by slot. */
  readonly failures: Map<number, string>;
  /** Slots that wait for {@link place}. */
  readonly pending: number[] = [];
  /** So many of them have been placed already. */
  placed = 0;
  discovered = 0;
  remaining = 0;
  targets = 0;
  unassigned = 0;
  /** A generation. */
  changedAt = 0;
  /** Gives a new target the owner it had before the job was made anew. */
  ownerBefore: ((high: number, low: number) => number) | undefined;

  constructor(name: string, runner: FilterRunner, former?: JobAllocation) {
    this.name = name;
    this.runner = runner;
    this.groups = former?.groups ?? new JobGroups();
    this.records = new JobRecords(former?.records);
    this.parts = new Map();
    this.failures = new Map(former?.failures);
    if (former === undefined) return;
    for (const [index, part] of former.parts) this.parts.set(index, { ...part });
    this.discovered = former.discovered;
    this.remaining = former.remaining;
    this.targets = former.targets;
    this.unassigned = former.unassigned;
  }

  /**
   * A copy to change over several slices while this one is served. The groups are shared: a state of a group that is not
   * committed is seen by nobody but the copy.
   */
  draft(): JobAllocation {
    return new JobAllocation(this.name, this.runner, this);
  }

  /**
   * Takes the place of the job's former state, which was made with another filter or other providers: its load does not
   * count any more, and targets that were there before begin with the collectors that they had.
   */
  succeed(former: JobAllocation, { loads, versions, placement }: AllocationContext): void {
    for (const [index, part] of former.parts) {
      loads.totals[index] = (loads.totals[index] ?? 0) - part.targets;
      placement.loadDecreased(index);
      versions.retire(part.version);
    }
    const { identities, owner } = former.records;
    this.ownerBefore = (high, low) => owner[identities.find(high, low)] ?? UNASSIGNED;
  }

  /**
   * The collectors have changed: owners get their new indexes, and targets of collectors that are gone lose theirs.
   *
   * @param indexes For each former index the new one, or {@link UNASSIGNED}.
   */
  moveCollectors(indexes: Int32Array, { loads, versions }: AllocationContext): void {
    const { owner } = this.records;
    for (let slot = 0; slot < owner.length; slot++) {
      const former = owner[slot] ?? SHADOWED;
      if (former >= 0) owner[slot] = indexes[former] ?? UNASSIGNED;
    }
    const parts = [...this.parts];
    this.parts.clear();
    for (const [former, part] of parts) {
      const index = indexes[former] ?? UNASSIGNED;
      if (index === UNASSIGNED) {
        this.unassigned += part.targets;
        versions.retire(part.version);
      } else {
        this.parts.set(index, part);
        loads.totals[index] = (loads.totals[index] ?? 0) + part.targets;
      }
    }
    this.failures.clear();
  }

  /** Every target waits for {@link place} again, in the order of groups and rows. */
  *replaceAll(): Generator<void, void> {
    const { next, owner } = this.records;
    let seen = 0;
    for (const { current } of this.groups.ordered()) {
      for (let slot = current?.head ?? NONE; slot !== NONE; slot = next[slot] ?? NONE) {
        if (owner[slot] !== SHADOWED) this.pending.push(slot);
        if (++seen % 4096 === 0) yield;
      }
    }
  }

  /** Takes in a target and returns its slot. */
  admit(target: NewTarget, context: AllocationContext): number {
    const { records } = this;
    const slot = records.allocate();
    records.high[slot] = target.high;
    records.low[slot] = target.low;
    records.key[slot] = target.key;
    records.group[slot] = target.group.id;
    records.row[slot] = target.row;
    const twin = this.#findTwin(target);
    if (twin === NONE) {
      records.identities.insert(slot);
      this.targets++;
      this.unassigned++;
      const owner = this.ownerBefore?.(target.high, target.low) ?? UNASSIGNED;
      if (owner !== UNASSIGNED) this.#assign(slot, owner, context);
      this.pending.push(slot);
    } else {
      records.joinTwins(slot, twin);
      const shown = this.groups.get(records.group[twin] ?? 0).stored;
      if (takesPrecedence(target.group.stored, shown)) this.#show(slot, twin, context);
      else records.owner[slot] = SHADOWED;
    }
    return slot;
  }

  /** Lets a target go. Where another one is the same, that one is shown from now on and has its collector. */
  retire(slot: number, context: AllocationContext): void {
    const { records } = this;
    if (records.owner[slot] !== SHADOWED) {
      const heir = this.#heir(slot);
      if (heir !== NONE) this.#show(heir, slot, context);
      else this.#forget(slot, context);
    }
    records.leaveTwins(slot);
    records.owner[slot] = SHADOWED;
    records.free(slot);
  }

  /** The target of a slot has other labels, but the same identity. */
  refresh(slot: number, context: AllocationContext): void {
    const owner = this.records.owner[slot] ?? SHADOWED;
    if (owner === SHADOWED) return;
    this.touch(owner, context);
    this.pending.push(slot);
  }

  /** The answer of a collector changes, though not how many targets it has. */
  touch(index: number, { versions }: AllocationContext): void {
    const part = this.parts.get(index);
    if (part !== undefined) part.version = versions.succeed(part.version);
  }

  /** Chooses the collector of a shown target, which may have one already. */
  place(slot: number, context: AllocationContext): void {
    const { placement, guide } = context;
    let owner = this.records.owner[slot] ?? SHADOWED;
    if (owner === SHADOWED) return;
    if (guide !== undefined && (guide.isFollowed || owner === UNASSIGNED))
      owner = this.#move(slot, guide.ownerOf(this, slot, placement), context);
    if (guide?.isFollowed === true || (placement.isSticky && owner !== UNASSIGNED)) return;
    this.#move(slot, this.#choose(slot, owner, context), context);
  }

  #move(slot: number, next: number, context: AllocationContext): number {
    const owner = this.records.owner[slot] ?? UNASSIGNED;
    if (next === owner) return next;
    if (owner !== UNASSIGNED) this.#unassign(slot, owner, context);
    if (next !== UNASSIGNED) this.#assign(slot, next, context);
    return next;
  }

  #choose(slot: number, owner: number, context: AllocationContext): number {
    const { placement } = context;
    const next = placement.isKeyed
      ? placement.ownerOf(this.records.key[slot] ?? 0)
      : this.#pick(slot, owner, context);
    if (placement.failure === undefined) this.failures.delete(slot);
    else if (next === UNASSIGNED) this.failures.set(slot, placement.failure);
    return next;
  }

  /** Asks the strategy, with loads that do not count this target. */
  #pick(slot: number, owner: number, context: AllocationContext): number {
    const { placement, loads, reader } = context;
    const { stored } = this.groups.get(this.records.group[slot] ?? 0);
    const target = reader.read(this.name, stored, this.records.row[slot] ?? 0);
    const part = this.parts.get(owner);
    if (part === undefined) return placement.pick(target, owner, loads);
    part.targets--;
    loads.totals[owner] = (loads.totals[owner] ?? 0) - 1;
    placement.loadDecreased(owner);
    const next = placement.pick(target, owner, loads);
    part.targets++;
    loads.totals[owner] = (loads.totals[owner] ?? 0) + 1;
    return next;
  }

  #assign(slot: number, index: number, { loads, versions }: AllocationContext): void {
    this.records.owner[slot] = index;
    this.unassigned--;
    loads.totals[index] = (loads.totals[index] ?? 0) + 1;
    const part = this.parts.get(index);
    if (part === undefined) {
      this.parts.set(index, { targets: 1, version: versions.next() });
    } else {
      part.targets++;
      part.version = versions.succeed(part.version);
    }
  }

  #unassign(slot: number, index: number, { loads, versions, placement }: AllocationContext): void {
    this.records.owner[slot] = UNASSIGNED;
    this.unassigned++;
    loads.totals[index] = (loads.totals[index] ?? 0) - 1;
    placement.loadDecreased(index);
    const part = this.parts.get(index);
    if (part === undefined) return;
    part.version = versions.succeed(part.version);
    if (--part.targets > 0) return;
    this.parts.delete(index);
    versions.retire(part.version);
  }

  #forget(slot: number, context: AllocationContext): void {
    const owner = this.records.owner[slot] ?? UNASSIGNED;
    if (owner !== UNASSIGNED) this.#unassign(slot, owner, context);
    this.records.identities.remove(slot);
    this.failures.delete(slot);
    this.targets--;
    this.unassigned--;
  }

  /** Shows one twin in the place of another. It takes over the collector and is placed again for its own labels. */
  #show(slot: number, former: number, context: AllocationContext): void {
    const { records } = this;
    records.identities.replace(former, slot);
    records.owner[slot] = records.owner[former] ?? UNASSIGNED;
    records.owner[former] = SHADOWED;
    this.failures.delete(former);
    this.refresh(slot, context);
  }

  /** Of the other twins the one that takes precedence. */
  #heir(slot: number): number {
    const { records, groups } = this;
    let heir = NONE;
    for (let twin = records.twin[slot] ?? slot; twin !== slot; twin = records.twin[twin] ?? slot) {
      if (heir === NONE) heir = twin;
      else {
        const stored = groups.get(records.group[twin] ?? 0).stored;
        if (takesPrecedence(stored, groups.get(records.group[heir] ?? 0).stored)) heir = twin;
      }
    }
    return heir;
  }

  /** The shown slot of the same target. Equal hashes are only a hint: the labels are compared. */
  #findTwin(target: NewTarget): number {
    const { records, groups, runner } = this;
    let slot = records.identities.find(target.high, target.low);
    while (slot !== NONE) {
      const { stored } = groups.get(records.group[slot] ?? 0);
      const row = records.row[slot] ?? 0;
      if (runner.isSame(target.group.stored, target.row, stored, row)) return slot;
      slot = records.identities.findNext(slot);
    }
    return NONE;
  }
}
