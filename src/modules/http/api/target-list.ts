import type { AllocationView, TargetView } from '../../../core/allocation/allocation-view.js';
import type { LabelSet } from '../../../core/labels/label-set.js';
import { type TargetSelection, targetQueryOf } from '../target-query.js';

/** Some of the targets, each with its owner or the reason why it has none. Described by `targetsSchema`. */
export interface TargetList {
  readonly generation: number;
  readonly unknown_reason: string | null;
  readonly targets: readonly ListedTarget[];
  /** `null`: there are no more. */
  readonly next_offset: number | null;
}

export interface ListedTarget {
  readonly job: string;
  readonly address: string;
  readonly labels: LabelSet;
  readonly target_hash: string;
  readonly collector: string | null;
  readonly reason: string | null;
}

export interface TargetListQuery extends TargetSelection {
  readonly limit: number;
  readonly offset: number;
}

/** Reads the view no further than to the first target that is not listed any more. */
export function listTargets(
  view: AllocationView,
  query: TargetListQuery,
  unknownReason: string | undefined,
): TargetList {
  const { limit, offset } = query;
  const targets: ListedTarget[] = [];
  let index = 0;
  let nextOffset: number | null = null;
  for (const target of view.targets(targetQueryOf(query))) {
    if (index === offset + limit) {
      nextOffset = index;
      break;
    }
    if (index++ >= offset) targets.push(listed(target));
  }
  return {
    generation: view.generation,
    unknown_reason: unknownReason ?? null,
    targets,
    next_offset: nextOffset,
  };
}

function listed({ job, address, labels, hash, collector, reason }: TargetView): ListedTarget {
  return {
    job,
    address,
    labels,
    target_hash: hash,
    collector: collector ?? null,
    reason: reason ?? null,
  };
}
