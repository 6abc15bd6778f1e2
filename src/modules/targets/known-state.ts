/** How far the stages before have come. */
export interface StageProgress {
  /** The jobs; `undefined` as long as they are not known. */
  readonly jobs: () => ReadonlyMap<string, unknown> | undefined;
  /** A first set of collectors has been applied. */
  readonly hasCollectors: () => boolean;
  /** Discovery has told all targets of the job. */
  readonly isAnswered: (job: string) => boolean;
  /** What discovery told of the job has been allocated. */
  readonly isApplied: (job: string) => boolean;
  /** What has not answered yet is not waited for any more. */
  readonly isStartUpOver: () => boolean;
}

/** Tells what is known from what is not known yet. */
export class KnownState {
  #isComplete = false;
  /** The jobs that had answered when the start-up was over. */
  #lastAwaited: readonly string[] | undefined;

  constructor(private readonly progress: StageProgress) {}

  /**
   * Why targets (of one job) cannot be told yet; `undefined`: they can. A job that there is not is known: it has none.
   * A job's targets can be told as soon as they are allocated, and from then on, whatever is still awaited of others.
   */
  whyUnknown(job?: string): string | undefined {
    const { jobs, hasCollectors } = this.progress;
    const known = jobs();
    if (known === undefined) return 'the jobs are not known yet';
    if (!hasCollectors()) return 'the collectors are not known yet';
    if (job !== undefined && known.has(job) && this.#isAllocated(job)) return undefined;
    if (!this.#hasFirstAllocation(known)) return 'the first targets are being allocated';
    if (job === undefined || !known.has(job)) return undefined;
    return 'the discovery of this job has not answered yet';
  }

  /** The jobs whose targets cannot be told yet; `undefined`: nothing can be told at all. */
  unknownJobs(): ReadonlySet<string> | undefined {
    const { jobs, hasCollectors } = this.progress;
    const known = jobs();
    if (known === undefined || !hasCollectors()) return undefined;
    return new Set([...known.keys()].filter((job) => !this.#isAllocated(job)));
  }

  #isAllocated(job: string): boolean {
    return this.progress.isAnswered(job) && this.progress.isApplied(job);
  }

  /**
   * What discovery has said is allocated. Asked until it has said all and all of it is, or until what it had said when
   * the start-up was over is: later changes are applied while the former state is served.
   */
  #hasFirstAllocation(jobs: ReadonlyMap<string, unknown>): boolean {
    if (this.#isComplete) return true;
    const { isAnswered, isApplied, isStartUpOver } = this.progress;
    const answered = [...jobs.keys()].filter(isAnswered);
    if (isStartUpOver()) {
      // Fixed, so that nobody holds up the others with a job that never answers and jobs that do, one after the other.
      this.#lastAwaited ??= answered;
      this.#isComplete = this.#lastAwaited.every((job) => !jobs.has(job) || isApplied(job));
      return this.#isComplete;
    }
    const isAllocated = answered.every(isApplied);
    this.#isComplete = isAllocated && answered.length === jobs.size;
    return isAllocated;
  }
}
