import type { AllocationView } from '../../core/allocation/allocation-view.js';
import type {
  DecidedTargets,
  Decisions,
  Guidance,
  OwnersView,
} from '../../core/allocation/decisions.js';
import { type Clock, runInSlices } from '../../plugin-api/index.js';
import type { FollowerState } from './decisions/decision-answer.js';
import { type DeterministicPlacement, FollowedDecisions } from './decisions/followed-decisions.js';
import type { ToldDecisions, ToldJob } from './decisions/told-decisions.js';
import { DecisionsAnswerError } from './replication.errors.js';

/** What of the allocation decisions are read from and brought to. */
export interface GuidedAllocation {
  readonly view: AllocationView;
  readonly owners: OwnersView;
  /** What an earlier life of this replica has left; `undefined`: nothing. */
  readonly remembered: Decisions | undefined;
  guide(guidance: Guidance | undefined): Promise<unknown>;
  redecide(jobs: Iterable<string>): Promise<unknown>;
}

/** Work that is done in turn with all other changes of the allocation. */
export type InTurn = <T>(work: (allocation: GuidedAllocation) => Promise<T>) => Promise<T>;

const nobody: ReadonlySet<string> = new Set();
const nothing: ReadonlyMap<string, DecidedTargets> = new Map();

/** Brings the decisions of a leader to the allocation. */
export class Following {
  readonly #decisions: FollowedDecisions;
  #state: FollowerState | undefined;
  #collectors: unknown;

  constructor(
    private readonly inTurn: InTurn,
    placement: DeterministicPlacement,
    private readonly clock: Clock,
  ) {
    this.#decisions = new FollowedDecisions(clock, placement);
  }

  /** What the leader need not tell any more. */
  get state(): FollowerState | undefined {
    return this.#state;
  }

  /** How many targets the leader has said nothing of. */
  get undecided(): number {
    return this.#decisions.undecided;
  }

  /**
   * Follows from now on, beginning with what this replica itself has: nothing moves before the leader says so.
   *
   * @param isDecided False: nobody has decided anything yet, so that no target is late.
   */
  begin(isDecided: boolean): Promise<void> {
    return this.inTurn(async (allocation) => {
      const { owners } = allocation;
      const jobs = owners.changedJobs(0);
      for (const job of jobs) {
        const names = [...owners.versions(job).keys()];
        const parts = await runInSlices(owners.owners(job, names), this.clock);
        await this.#change(job, {
          collectors: new Map(parts.map(({ collector, high }) => [collector, high.length])),
          parts: new Map(parts.map((part) => [part.collector, part])),
        });
      }
      if (isDecided) this.#decisions.complete();
      const guidance: Guidance = { kind: 'followed', decisions: this.#decisions };
      await allocation.guide(guidance);
    });
  }

  /**
   * Nothing is waited for any more: there is no leader, and targets must not stay without collectors. They go where an
   * earlier life of this replica had them.
   */
  goAlone(): Promise<void> {
    return this.inTurn((allocation) => {
      this.#decisions.goAlone(allocation.remembered);
      return this.#redecide(allocation, allJobs(allocation));
    });
  }

  /**
   * This replica decides itself from now on. What was decided counts further for targets that it does not know yet: the
   * discovery of a job may answer late, and collectors may have changed since targets were last asked about.
   */
  end(): Promise<void> {
    return this.inTurn(async (allocation) => {
      if (this.#decisions.isEmpty) {
        await allocation.guide(undefined);
        return;
      }
      await this.#redecide(allocation, allJobs(allocation));
      await allocation.guide({ kind: 'remembered', decisions: this.#decisions.remembered });
    });
  }

  /** What was decided counts no more; only for one that does not follow. */
  forget(): void {
    this.#decisions.forget();
  }

  /** @throws DecisionsAnswerError when it does not fit to what was told before; then everything is asked for. */
  async take(told: ToldDecisions): Promise<void> {
    try {
      this.#check(told);
    } catch (error) {
      this.#state = undefined;
      throw error;
    }
    await this.inTurn(async (allocation) => {
      const changed = new Set(told.jobs.keys());
      for (const [job, change] of told.jobs) await this.#change(job, change);
      if (told.isWhole) {
        for (const job of [...this.#decisions.jobs()].filter((name) => !told.jobs.has(name))) {
          changed.add(job);
          await this.#change(job, { collectors: new Map(), parts: nothing });
        }
      }
      const isFirst = !this.#decisions.isComplete;
      this.#decisions.complete();
      await this.#redecide(allocation, isFirst ? allJobs(allocation) : changed);
    });
    this.#state = { epoch: told.epoch, generation: told.generation };
  }

  /** What time and other collectors change about targets that wait; to be called often. */
  async refresh(view: AllocationView): Promise<void> {
    const isOther = this.#collectors !== view.collectors;
    this.#collectors = view.collectors;
    const late = this.#decisions.lateJobs();
    if (!isOther && late.length === 0) return;
    await this.inTurn((allocation) =>
      this.#redecide(allocation, isOther ? allJobs(allocation) : late),
    );
  }

  /** Everything is asked for when jobs are kept that are long gone here. */
  forgetGoneJobs(view: AllocationView): void {
    for (const job of this.#decisions.jobs()) {
      if (view.job(job) !== undefined) continue;
      this.#state = undefined;
      return;
    }
  }

  #change(job: string, { collectors, parts }: ToldJob): Promise<void> {
    const change = {
      parts,
      collectors: collectors.size === 0 ? nobody : new Set(collectors.keys()),
    };
    return runInSlices(this.#decisions.change(job, change), this.clock);
  }

  async #redecide(allocation: GuidedAllocation, jobs: Iterable<string>): Promise<void> {
    for (const job of jobs) {
      this.#decisions.beginAsking(job);
      await allocation.redecide([job]);
      this.#decisions.endAsking();
    }
  }

  /** A part that is not told anew must be the one that is there. */
  #check({ epoch, isWhole, jobs }: ToldDecisions): void {
    if (!isWhole && this.#state?.epoch !== epoch) {
      throw new DecisionsAnswerError('it tells changes of another process');
    }
    for (const [job, told] of jobs) {
      const former = isWhole ? nothing : this.#decisions.partsOf(job);
      if (!isComplete(told, former)) {
        throw new DecisionsAnswerError(`targets of job ${JSON.stringify(job)} are missing`);
      }
    }
  }
}

/** With what was told before, the parts have as many targets as the job is said to have. */
function isComplete(
  { collectors, parts }: ToldJob,
  former: ReadonlyMap<string, DecidedTargets>,
): boolean {
  return [...collectors].every(([collector, targets]) => {
    const part = parts.get(collector) ?? former.get(collector);
    return (part?.high.length ?? 0) === targets;
  });
}

/** The names of all jobs that there are. */
export function allJobs({ view }: GuidedAllocation): readonly string[] {
  return view.jobs().map(({ job }) => job);
}
