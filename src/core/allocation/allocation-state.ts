import { compareUtf8 } from '../labels/compare-utf8.js';
import { type BodyCache } from './body-cache.js';
import type { AllocationContext, JobAllocation } from './job-allocation.js';
import type { Guide } from './guide.js';
import { Loads } from './loads.js';
import type { Placement } from './placement.js';
import { PortableIdentities } from './portable-identity.js';
import type { TargetReader } from './target-reader.js';
import { Versions } from './versions.js';

/** The allocation that is served: every method that changes it leaves it consistent. */
export class AllocationState {
  readonly versions = new Versions();
  readonly reader: TargetReader;
  readonly bodies: BodyCache;
  readonly identities = new PortableIdentities();
  /** What all changes follow from now on. */
  guide: Guide | undefined;
  #placement: Placement;
  #loads: Loads;
  #jobs = new Map<string, JobAllocation>();
  #isSorted = true;
  #generation = 0;

  constructor(placement: Placement, reader: TargetReader, bodies: BodyCache) {
    this.#placement = placement;
    this.reader = reader;
    this.bodies = bodies;
    this.#loads = this.#loadsOf(placement, new Int32Array(placement.collectors.length));
  }

  get generation(): number {
    return this.#generation;
  }
  get placement(): Placement {
    return this.#placement;
  }
  /** Sorted by name. */
  get jobs(): ReadonlyMap<string, JobAllocation> {
    if (!this.#isSorted) this.#jobs = new Map([...this.#jobs].sort(byName));
    this.#isSorted = true;
    return this.#jobs;
  }
  get loads(): Loads {
    return this.#loads;
  }

  job(name: string): JobAllocation | undefined {
    return this.#jobs.get(name);
  }

  /** What changes to the served jobs themselves are made with. */
  get context(): AllocationContext {
    const { versions, reader, guide } = this;
    return { placement: this.#placement, loads: this.#loads, versions, reader, guide };
  }

  /** What changes to a draft of a job are made with: loads of their own, beside those of the other jobs. */
  contextFor(draft: JobAllocation): AllocationContext {
    const { placement } = this;
    const loads = new Loads(
      (collector) => placement.indexOf(collector),
      (job) => (job === draft.name ? draft : this.#jobs.get(job))?.parts,
      this.#loads.totals.slice(),
    );
    return { ...this.context, loads };
  }

  /** What changes to drafts of all jobs are made with, when the collectors change. */
  contextWith(placement: Placement, drafts: ReadonlyMap<string, JobAllocation>): AllocationContext {
    const loads = new Loads(
      (collector) => placement.indexOf(collector),
      (job) => drafts.get(job)?.parts,
      new Int32Array(placement.collectors.length),
    );
    return { ...this.context, placement, loads };
  }

  /** A served job itself was changed. */
  changed(job: JobAllocation): void {
    this.#changed([job]);
  }

  #changed(jobs: Iterable<JobAllocation>): void {
    this.#generation = this.versions.next();
    for (const job of jobs) job.changedAt = this.#generation;
    for (const version of this.versions.takeRetired()) this.bodies.delete(version);
  }

  /** Serves a draft from now on; a job of a new name is added. */
  commitJob(draft: JobAllocation, { loads }: AllocationContext): void {
    if (!this.#jobs.has(draft.name)) this.#isSorted = false;
    this.#jobs.set(draft.name, draft);
    this.#loads = this.#loadsOf(this.#placement, loads.totals);
    this.changed(draft);
  }

  /** Serves other collectors and all jobs' drafts from now on. */
  commitCollectors(drafts: ReadonlyMap<string, JobAllocation>, context: AllocationContext): void {
    for (const [name, draft] of drafts) this.#jobs.set(name, draft);
    this.#placement = context.placement;
    this.#loads = this.#loadsOf(context.placement, context.loads.totals);
    this.#changed(drafts.values());
  }

  removeJob(name: string): void {
    const job = this.#jobs.get(name);
    if (job === undefined) return;
    const { totals } = this.#loads;
    for (const [index, part] of job.parts) {
      totals[index] = (totals[index] ?? 0) - part.targets;
      this.#placement.loadDecreased(index);
      this.versions.retire(part.version);
    }
    this.#jobs.delete(name);
    this.#changed([]);
  }

  #loadsOf(placement: Placement, totals: Int32Array): Loads {
    return new Loads(
      (collector) => placement.indexOf(collector),
      (job) => this.#jobs.get(job)?.parts,
      totals,
    );
  }
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => compareUtf8(a, b);
