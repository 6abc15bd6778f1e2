import type { AllocationStrategy } from './strategy.js';

/** Whether replicas need one that decides for all: {@link AllocationStrategy.stateful}, or what it is by default. */
export function isStateful(strategy: AllocationStrategy): boolean {
  return strategy.stateful ?? (strategy.keyed === undefined && strategy.sticky === true);
}
