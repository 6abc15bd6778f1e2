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
}

/** Tells what is known from what is not known yet. */
export class KnownState {
  #isComplete = false;

  constructor(private readonly progress: StageProgress) {}

  /** Why targets (of one job) cannot be told yet; `undefined`: they can. A job that there is not is known: it has none. */
  whyUnknown(job?: string): string | undefined {
    const { jobs, hasCollectors, isAnswered, isApplied } = this.progress;
    const known = jobs();
    if (known === undefined) return 'the jobs are not known yet';
    if (!hasCollectors()) return 'the collectors are not known yet';
    if (!this.#hasFirstAllocation(known)) return 'the first targets are being allocated';
    if (job === undefined || !known.has(job)) return undefined;
    if (isAnswered(job) && isApplied(job)) return undefined;
    return 'the discovery of this job has not answered yet';
  }

  /**
   * What discovery has said is allocated. Asked until it has said all and all of it is: later changes are applied while
   * the former state is served.
   */
  #hasFirstAllocation(jobs: ReadonlyMap<string, unknown>): boolean {
    if (this.#isComplete) return true;
    const { isAnswered, isApplied } = this.progress;
    const names = [...jobs.keys()];
    this.#isComplete = names.every((job) => isAnswered(job) && isApplied(job));
    return this.#isComplete || names.every((job) => !isAnswered(job) || isApplied(job));
  }
}
