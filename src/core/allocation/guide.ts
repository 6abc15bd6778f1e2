import type { Guidance } from './decisions.js';
import type { JobTargets } from './job-targets.js';
import { UNASSIGNED } from './job-records.js';
import type { Placement } from './placement.js';
import type { PortableIdentities } from './portable-identity.js';

/** Answers from decisions that were made elsewhere, or earlier. */
export class Guide {
  readonly #guidance: Guidance;
  readonly #identities: PortableIdentities;

  constructor(guidance: Guidance, identities: PortableIdentities) {
    this.#guidance = guidance;
    this.#identities = identities;
  }

  /** Nothing else decides, so that the strategy is not asked. */
  get isFollowed(): boolean {
    return this.#guidance.kind === 'followed';
  }

  /** The index of the collector that was decided for the target of a slot, or {@link UNASSIGNED}. */
  ownerOf(job: JobTargets, slot: number, placement: Placement): number {
    const decided = this.#decided(job, slot);
    return decided === undefined ? UNASSIGNED : placement.indexOf(decided);
  }

  /** Why a target that follows decisions has no collector. */
  whyUnassigned(job: JobTargets, slot: number): string {
    const decided = this.#decided(job, slot);
    return decided === undefined
      ? 'waits for the decision of the leading replica'
      : `the leading replica chose ${JSON.stringify(decided)}, which is not known here`;
  }

  #decided(job: JobTargets, slot: number): string | undefined {
    const identities = this.#identities;
    identities.read(job, slot);
    return this.#guidance.decisions.collectorOf(job.name, identities.high, identities.low);
  }
}
