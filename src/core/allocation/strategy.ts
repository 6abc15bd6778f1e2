import type { Target } from '../target/target.js';
import type { Collector } from './collector.js';

/** How many targets each collector has at the moment of a pick. */
export interface Load {
  /** Targets assigned to the collector, over all jobs. */
  targets(collector: string): number;
  /** Targets of one job assigned to the collector. */
  targetsOfJob(collector: string, job: string): number;
}

/**
 * Chooses the collector of one target.
 *
 * @param target The target to place.
 * @param current The collector that has it now, when that collector still exists.
 * @param load The load without this target.
 * @returns The name of one of the prepared collectors; `undefined` leaves the target unassigned.
 */
export type PickCollector = (
  target: Target,
  current: string | undefined,
  load: Load,
) => string | undefined;

/** Picks for a strategy that keeps the collectors in an order of its own, such as a heap by load. */
export interface Chooser {
  readonly pick: PickCollector;
  /**
   * The collector has fewer targets than before. (That it has more is not told: the load says so at the next pick, and an
   * order can put that right when it comes across it.)
   */
  loadDecreased(collector: string): void;
}

/**
 * A placement that depends on nothing but a small number made of the target, so that the host can remember the number
 * and place the target again without looking at it. A strategy that offers this must give the same answer by both ways.
 */
export interface KeyedPlacement {
  /** Which labels the key is made of; `address` is {@link Target.address}. */
  readonly keyedBy: 'address';
  /** How many keys there are. Range 1 to 65536. */
  readonly keys: number;
  /** The key of a target: an integer from 0 to `keys - 1`. */
  keyOf(address: string): number;
  /** The owner of each key: the index of a collector in `collectors`, or -1. Not called without collectors. */
  owners(collectors: readonly Collector[]): Int32Array;
}

/**
 * Decides which collector gets which target. Pure and synchronous: the same collectors, targets and loads give the same
 * answer in every process, and the order in which collectors are given does not matter.
 */
export interface AllocationStrategy {
  /** Called once for each new set of collectors (at least one); the answer is then called for each target. */
  prepare(collectors: readonly Collector[]): PickCollector;
  /**
   * A second way to {@link AllocationStrategy.prepare}, for strategies that want to be told of load that goes away. A
   * host that knows it uses it; the answers must be the same.
   */
  prepareChooser?(collectors: readonly Collector[]): Chooser;
  /**
   * The only labels that the strategy looks at. The target's label set then may have no others, which spares the host
   * making them. @default all labels
   */
  readonly reads?: readonly string[];
  /**
   * Whether the strategy has an opinion on this target at all. Where it has none, a fallback strategy decides.
   * @default every target
   */
  handles?(target: Target): boolean;
  /** Why the pick left this target unassigned, as a short phrase for operators. */
  whyUnassigned?(target: Target): string;
  /** A faster way for strategies whose answer depends on a key only. */
  readonly keyed?: KeyedPlacement;
  /** True when a target that has a collector keeps it while that collector exists, so that nothing is picked again. */
  readonly sticky?: boolean;
  /**
   * True when the answer depends on what was decided before, so that replicas come to different answers unless one of
   * them decides for all. @default whether it is `sticky`; false for a strategy that is `keyed`
   */
  readonly stateful?: boolean;
}
