import type { Target } from '../target/target.js';
import type { Collector } from './collector.js';
import { isStateful } from './is-stateful.js';
import type { AllocationStrategy, Chooser, PickCollector } from './strategy.js';

/**
 * A strategy that asks another one about the targets on which the first has no opinion ({@link
 * AllocationStrategy.handles}). A target that the first one handles and yet leaves unassigned stays so, as in the Go
 * allocator.
 *
 * @example withFallback(perNode, consistentHashing)
 */
export function withFallback(
  primary: AllocationStrategy,
  fallback: AllocationStrategy,
): AllocationStrategy {
  if (primary.handles === undefined) return primary;
  const strategyOf = (target: Target): AllocationStrategy =>
    handles(primary, target) ? primary : fallback;
  const combined: AllocationStrategy = {
    prepare: (collectors) =>
      combine(primary, primary.prepare(collectors), fallback.prepare(collectors)),
    prepareChooser(collectors) {
      const first = chooserOf(primary, collectors);
      const second = chooserOf(fallback, collectors);
      return {
        pick: combine(primary, first.pick, second.pick),
        loadDecreased(collector) {
          first.loadDecreased(collector);
          second.loadDecreased(collector);
        },
      };
    },
    handles: (target) => handles(primary, target) || handles(fallback, target),
    whyUnassigned: (target) =>
      strategyOf(target).whyUnassigned?.(target) ?? 'the strategy chose no collector',
    sticky: primary.sticky === true && fallback.sticky === true,
    stateful: isStateful(primary) || isStateful(fallback),
  };
  if (primary.reads === undefined || fallback.reads === undefined) return combined;
  return { ...combined, reads: [...new Set([...primary.reads, ...fallback.reads])] };
}

function handles(strategy: AllocationStrategy, target: Target): boolean {
  return strategy.handles?.(target) ?? true;
}

function combine(
  primary: AllocationStrategy,
  first: PickCollector,
  second: PickCollector,
): PickCollector {
  return (target, current, load) =>
    (handles(primary, target) ? first : second)(target, current, load);
}

function chooserOf(strategy: AllocationStrategy, collectors: readonly Collector[]): Chooser {
  return (
    strategy.prepareChooser?.(collectors) ?? {
      pick: strategy.prepare(collectors),
      loadDecreased: () => undefined,
    }
  );
}
