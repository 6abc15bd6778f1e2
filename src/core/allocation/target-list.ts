import { compareUtf8 } from '../labels/compare-utf8.js';
import { emptyLabelSet, type LabelSet } from '../labels/label-set.js';
import { targetHash } from '../labels/target-hash.js';
import type { FilterRunner } from '../target/filter-runner.js';
import { addressOf, blockOf, labelsOf, type StoredGroup } from '../target/stored-group.js';
import type { TargetQuery, TargetView } from './allocation-view.js';
import type { Guide } from './guide.js';
import type { JobAllocation } from './job-allocation.js';
import { NONE, SHADOWED, UNASSIGNED } from './job-records.js';
import type { Placement } from './placement.js';
import type { TargetReader } from './target-reader.js';

/** What a list of targets is read from. */
export interface ListedState {
  readonly placement: Placement;
  readonly reader: TargetReader;
  readonly guide: Guide | undefined;
}

/** A shown target, and who has it. */
interface FoundTarget {
  readonly slot: number;
  readonly owner: number;
  readonly group: StoredGroup;
  readonly row: number;
  readonly address: string;
}

/** A target as it was when the list was made; what costs something is worked out when it is looked at. */
class ListedTarget implements TargetView {
  readonly job: string;
  readonly address: string;
  readonly collector: string | undefined;
  readonly reason: string | undefined;
  readonly #runner: FilterRunner;
  readonly #group: StoredGroup;
  readonly #row: number;

  constructor(job: JobAllocation, found: FoundTarget, state: ListedState) {
    this.job = job.name;
    this.address = found.address;
    this.collector = state.placement.collectors[found.owner]?.name;
    this.#runner = job.runner;
    this.#group = found.group;
    this.#row = found.row;
    if (this.collector === undefined) this.reason = whyUnassigned(job, found, state);
  }

  get labels(): LabelSet {
    return labelsOf(this.#group, this.#row);
  }

  get hash(): string {
    const labels = this.#runner.identityLabels(this.#group, this.#row) ?? emptyLabelSet;
    return targetHash(labels, this.job);
  }
}

/** Lists a job's targets that the query asks for, sorted by address. */
export function* listTargets(
  job: JobAllocation,
  query: TargetQuery,
  state: ListedState,
): Generator<TargetView, void> {
  const wanted = wantedOwner(query, state.placement);
  if (wanted === undefined) return;
  for (const found of findTargets(job, wanted)) {
    const target = new ListedTarget(job, found, state);
    if (query.hash === undefined || target.hash === query.hash) yield target;
  }
}

function whyUnassigned(
  job: JobAllocation,
  { slot, group, row }: FoundTarget,
  { placement, reader, guide }: ListedState,
): string {
  if (guide?.isFollowed === true && placement.collectors.length > 0)
    return guide.whyUnassigned(job, slot);
  const failure = job.failures.get(slot);
  if (failure !== undefined) return `strategy failed: ${failure}`;
  return placement.whyUnassigned(reader.read(job.name, group, row));
}

function findTargets({ records, groups }: JobAllocation, wanted: number): FoundTarget[] {
  const found: FoundTarget[] = [];
  for (const { current } of groups.ordered()) {
    if (current === undefined) continue;
    const { stored, head } = current;
    for (let slot = head; slot !== NONE; slot = records.next[slot] ?? NONE) {
      const owner = records.owner[slot] ?? SHADOWED;
      if (owner === SHADOWED || (wanted !== ANY && owner !== wanted)) continue;
      const row = records.row[slot] ?? 0;
      const address = addressOf(blockOf(stored, row), row);
      found.push({ slot, owner, group: stored, row, address });
    }
  }
  return found.sort((a, b) => compareUtf8(a.address, b.address));
}

const ANY = -3;

/** The owner that the query asks for; `undefined`: a collector that does not exist. */
function wantedOwner({ collector }: TargetQuery, placement: Placement): number | undefined {
  if (collector === undefined) return ANY;
  if (collector === null) return UNASSIGNED;
  const index = placement.indexOf(collector);
  return index === UNASSIGNED ? undefined : index;
}
