import type { AllocationView } from '../../../core/allocation/allocation-view.js';
import type { Decisions } from '../../../core/allocation/decisions.js';
import type { KeyedPlacement } from '../../../core/allocation/strategy.js';
import type { Collector } from '../../../plugin-api/index.js';
import type { DeterministicPlacement } from './followed-decisions.js';

/**
 * Consistent hashing of what every replica knows alike: the hash of the target and the names of the collectors. It is
 * asked about hashes and not about targets, so that a target's key is its hash instead of its address.
 */
export class ConsistentPlacement implements DeterministicPlacement, Decisions {
  #collectors: readonly Collector[] = [];
  #names: ReadonlySet<string> = new Set();
  #owners: Int32Array = new Int32Array();

  constructor(
    private readonly view: () => AllocationView,
    private readonly keyed: KeyedPlacement,
  ) {}

  has(collector: string): boolean {
    this.#renew();
    return this.#names.has(collector);
  }

  placed(low: number): string | undefined {
    this.#renew();
    const owner = this.#owners[(low >>> 0) % this.keyed.keys] ?? -1;
    return this.#collectors[owner]?.name;
  }

  collectorOf(_job: string, _high: number, low: number): string | undefined {
    return this.placed(low);
  }

  #renew(): void {
    const { collectors } = this.view();
    if (collectors === this.#collectors) return;
    this.#collectors = collectors;
    this.#names = new Set(collectors.map(({ name }) => name));
    this.#owners = collectors.length === 0 ? new Int32Array() : this.keyed.owners(collectors);
  }
}
