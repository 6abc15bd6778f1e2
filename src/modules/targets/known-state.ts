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
  #isAllocated = false;

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

  /** Everything that discovery had said once has been applied; that holds for good. */
  #hasFirstAllocation(jobs: ReadonlyMap<string, unknown>): boolean {
    const { isAnswered, isApplied } = this.progress;
    this.#isAllocated ||= [...jobs.keys()].every((job) => !isAnswered(job) || isApplied(job));
    return this.#isAllocated;
  }
}
