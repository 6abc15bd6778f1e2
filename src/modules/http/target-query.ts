import type { TargetQuery } from '../../core/allocation/allocation-view.js';

/** Which targets a URL asks for. `unassigned` wins over `collector`. */
export interface TargetSelection {
  readonly job?: string | undefined;
  readonly collector?: string | undefined;
  readonly unassigned?: boolean | undefined;
}

export function targetQueryOf({ job, collector, unassigned }: TargetSelection): TargetQuery {
  const owner = unassigned === true ? null : collector;
  return {
    ...(job !== undefined && { job }),
    ...(owner !== undefined && { collector: owner }),
  };
}
