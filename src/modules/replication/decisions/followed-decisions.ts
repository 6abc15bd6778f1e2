import { type DecidedTargets, type Decisions, NOBODY } from '../../../core/allocation/decisions.js';
import type { Clock } from '../../../plugin-api/index.js';
import { JobDecisions } from './job-decisions.js';

/** A placement that every replica makes alike, for targets that the leader says nothing of. */
export interface DeterministicPlacement {
  /** Whether this replica knows the collector. */
  has(collector: string): boolean;
  /** By the lower half of the hash; `undefined`: there are no collectors. */
  placed(low: number): string | undefined;
}

/** How long a target waits for the leader's decision, in milliseconds. */
const decisionBoundMs = 5_000;

interface FollowedJob {
  /** By collector, as the leader told. */
  readonly parts: ReadonlyMap<string, DecidedTargets>;
  readonly table: JobDecisions;
}

/** A target that the leader says nothing of, or not any more. */
interface Orphan {
  readonly sinceMs: number;
  /** The collector of its last decision. */
  readonly collector: string | undefined;
}

/** The orphans of one job, by their hashes. */
class Orphans {
  readonly byHash = new Map<string, Orphan>();
  /** Since when the first of those waits that have no collector yet. */
  waitingSinceMs = Infinity;
}

/** Parts of a job that the leader told: of some collectors, or of all that have targets of it. */
export interface JobChange {
  readonly parts: ReadonlyMap<string, DecidedTargets>;
  /** The collectors that have targets of the job now; parts of others are gone. */
  readonly collectors: ReadonlySet<string>;
}

/**
 * What the leader decided. A target that it says nothing of keeps the collector of its last decision; one that never had
 * any waits for a bound and is then placed as every replica would, rather than stay without a collector.
 */
export class FollowedDecisions implements Decisions {
  /** The same for one who decides from now on: no target waits, and none is placed for want of a decision. */
  readonly remembered: Decisions = {
    collectorOf: (job, high, low) => {
      const decided = this.#jobs.get(job)?.table.get(high, low);
      return decided === NOBODY ? undefined : decided;
    },
  };
  readonly #jobs = new Map<string, FollowedJob>();
  /** What was decided before the last change, until the targets of the job have been asked about. */
  readonly #former = new Map<string, JobDecisions>();
  readonly #orphans = new Map<string, Orphans>();
  #asked: { readonly job: string; readonly orphans: Orphans } | undefined;
  #isComplete = false;
  #boundMs = decisionBoundMs;
  /** What counts where no leader has been found. */
  #earlier: Decisions | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly placement: DeterministicPlacement,
  ) {}

  /** A whole state has been told. Until then nothing is decided, and nothing is late. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  complete(): void {
    this.#isComplete = true;
    this.#boundMs = decisionBoundMs;
    this.#earlier = undefined;
  }

  /**
   * No leader has been found: no target waits for one.
   *
   * @param earlier What was decided in an earlier life. It need not tell twice: each target keeps what it said.
   */
  goAlone(earlier: Decisions | undefined): void {
    this.#isComplete = true;
    this.#boundMs = 0;
    this.#earlier = earlier;
  }

  collectorOf(job: string, high: number, low: number): string | undefined {
    const decided = this.#jobs.get(job)?.table.get(high, low);
    // The leader knows the target, and has no collector for it.
    if (decided === NOBODY) return undefined;
    if (decided !== undefined && this.placement.has(decided)) return decided;
    // While collectors change, whoever asks knows the new ones before this replica does.
    return (this.#isComplete ? this.#ofOrphan(job, high, low) : undefined) ?? decided;
  }

  /** Takes what the leader told of a job. Yields wherever it may be interrupted, and takes effect at its end. */
  *change(job: string, { parts, collectors }: JobChange): Generator<void, void> {
    const former = this.#jobs.get(job);
    const merged = new Map([...(former?.parts ?? []), ...parts]);
    for (const collector of merged.keys()) {
      if (!collectors.has(collector)) merged.delete(collector);
    }
    const table = yield* JobDecisions.of(merged);
    if (former !== undefined && !this.#former.has(job)) this.#former.set(job, former.table);
    if (merged.size === 0) this.#jobs.delete(job);
    else this.#jobs.set(job, { parts: merged, table });
  }

  /** Whether the leader has told of any target. */
  get isEmpty(): boolean {
    return this.#jobs.size === 0;
  }

  /** What was decided of a job, by collector. */
  partsOf(job: string): ReadonlyMap<string, DecidedTargets> {
    return this.#jobs.get(job)?.parts ?? new Map<string, DecidedTargets>();
  }

  /** The jobs that decisions are known of. */
  jobs(): Iterable<string> {
    return this.#jobs.keys();
  }

  /** Jobs with targets that have waited for a decision too long. */
  lateJobs(): readonly string[] {
    const lateMs = this.clock.monotonicMs() - this.#boundMs;
    return [...this.#orphans].flatMap(([job, { waitingSinceMs }]) =>
      waitingSinceMs <= lateMs ? [job] : [],
    );
  }

  /** Nobody asks about what was decided any more. */
  forget(): void {
    this.#jobs.clear();
    this.#former.clear();
    this.#orphans.clear();
  }

  /** How many targets are placed without a decision of the leader, or wait for one. */
  get undecided(): number {
    return [...this.#orphans.values()].reduce((sum, { byHash }) => sum + byHash.size, 0);
  }

  /** From now on all targets of the job are asked about. */
  beginAsking(job: string): void {
    this.#asked = { job, orphans: new Orphans() };
  }

  /** All targets of the job have been asked about: what has not been is gone. */
  endAsking(): void {
    if (this.#asked === undefined) return;
    const { job, orphans } = this.#asked;
    this.#asked = undefined;
    this.#former.delete(job);
    if (orphans.byHash.size > 0) this.#orphans.set(job, orphans);
    else this.#orphans.delete(job);
  }

  #ofOrphan(job: string, high: number, low: number): string | undefined {
    const nowMs = this.clock.monotonicMs();
    const orphan = this.#orphanOf(job, high, low) ?? {
      sinceMs: nowMs,
      collector: this.#earlier?.collectorOf(job, high, low),
    };
    const collector = this.#former.get(job)?.get(high, low) ?? orphan.collector;
    const orphans = this.#orphansOf(job);
    orphans.byHash.set(hashText(high, low), { ...orphan, collector });
    if (collector !== undefined && this.placement.has(collector)) return collector;
    if (nowMs - orphan.sinceMs >= this.#boundMs) return this.placement.placed(low);
    orphans.waitingSinceMs = Math.min(orphans.waitingSinceMs, orphan.sinceMs);
    return undefined;
  }

  #orphanOf(job: string, high: number, low: number): Orphan | undefined {
    return this.#orphans.get(job)?.byHash.get(hashText(high, low));
  }

  #orphansOf(job: string): Orphans {
    if (this.#asked?.job === job) return this.#asked.orphans;
    const known = this.#orphans.get(job);
    if (known !== undefined) return known;
    const made = new Orphans();
    this.#orphans.set(job, made);
    return made;
  }
}

function hashText(high: number, low: number): string {
  return `${String(high)},${String(low)}`;
}
