/** Which resource has which job, so that no two resources have jobs of one name. */
export class JobOwners {
  readonly #owners = new Map<string, string>();
  readonly #jobs = new Map<string, readonly string[]>();
  readonly #waiting = new Map<string, Set<string>>();
  /** The name that a resource waits for: the first one that it did not get. */
  readonly #awaited = new Map<string, string>();

  /** The first of the names that another resource has; the resource is then told of when the name is free. */
  conflict(resource: string, jobs: readonly string[]): { job: string; owner: string } | undefined {
    this.stopWaiting(resource);
    for (const job of jobs) {
      const owner = this.#owners.get(job);
      if (owner === undefined || owner === resource) continue;
      const waiting = this.#waiting.get(job) ?? new Set();
      this.#waiting.set(job, waiting.add(resource));
      this.#awaited.set(resource, job);
      return { job, owner };
    }
    return undefined;
  }

  /**
   * Takes the names of all jobs that a resource has from now on.
   *
   * @returns The resources that waited for a name which is free now.
   */
  set(resource: string, jobs: readonly string[]): readonly string[] {
    const kept = new Set(jobs);
    const freed = (this.#jobs.get(resource) ?? []).filter((job) => !kept.has(job));
    for (const job of freed) this.#owners.delete(job);
    for (const job of jobs) this.#owners.set(job, resource);
    if (jobs.length === 0) this.#jobs.delete(resource);
    else this.#jobs.set(resource, jobs);
    return freed.flatMap((job) => {
      const waiting = this.#waiting.get(job) ?? [];
      this.#waiting.delete(job);
      for (const waiter of waiting) this.#awaited.delete(waiter);
      return [...waiting];
    });
  }

  /** The resource is gone, or wants other names: it need not be told of any. */
  stopWaiting(resource: string): void {
    const job = this.#awaited.get(resource);
    if (job === undefined) return;
    this.#awaited.delete(resource);
    const waiting = this.#waiting.get(job);
    waiting?.delete(resource);
    if (waiting?.size === 0) this.#waiting.delete(job);
  }
}
