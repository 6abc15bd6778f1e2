import { SortedMap } from '../collections/sorted-map.js';
import { Usage } from '../collections/usage.js';
import { sizeOf } from '../target/column-group.js';
import { FilterRunner, ProgramBudget } from '../target/filter-runner.js';
import { GroupBuilder, type BuiltGroup } from '../target/group-builder.js';
import { GroupStore } from '../target/group-store.js';
import { LabelHash } from '../target/identity.js';
import type { StoredGroup } from '../target/stored-group.js';
import type { JobFilter } from '../target/target-filter.js';
import type { TargetGroup } from '../target/target-group.js';
import { AllocationState } from './allocation-state.js';
import { BodyCache } from './body-cache.js';
import type { Collector } from './collector.js';
import type { Guidance } from './decisions.js';
import { Guide } from './guide.js';
import { JobAllocation } from './job-allocation.js';
import { Placement, sameCollectors, sortedCollectors } from './placement.js';
import { PolicyErrors, type PolicyError } from './policy-errors.js';
import { redecideJobs } from './redecide-jobs.js';
import { GroupReplacement, needsDraft, placePending, placeSome } from './replace-group.js';
import { Staging } from './staging.js';
import { StateView } from './state-view.js';
import type { AllocationStrategy } from './strategy.js';
import { TargetReader } from './target-reader.js';

/** A job as the engine needs it. */
export interface EngineJob {
  readonly name: string;
  /** The providers whose groups are its targets. */
  readonly providers: readonly string[];
  /** `undefined`: every target is kept, and its identity is its discovered labels. */
  readonly filter: JobFilter | undefined;
}

export interface EngineOptions {
  readonly strategy: AllocationStrategy;
  /** Any integer; different in each process, so that nobody can prepare targets whose hashes collide. */
  readonly hashSeed: number;
  /** How many bytes of rendered answers are kept at most. @default 268435456 */
  readonly maxBodyBytes?: number;
  /** Told of each error that a filter or the strategy throws. */
  readonly onPolicyError?: (error: PolicyError) => void;
}

const MAX_BODY_BYTES = 256 * 1024 * 1024;
/** Rebuilding a job yields after so many groups, beside after so many targets. */
const GROUPS_PER_STEP = 16;

/**
 * Turns discovered groups into targets and gives each target to a collector. Cost follows the change: an equal group
 * costs a comparison, a changed one is filtered alone and only its new targets are placed.
 *
 * Its changing methods are generators, so that the caller can keep the event loop free between their steps. At each yield
 * the view is consistent: a job's answers change at once, and all jobs' at once when the collectors change. Run one
 * generator at a time, and each to its end.
 *
 * Of equal targets (equal labels after relabeling, within one job) one is shown: of one group the last, of several groups
 * that of the greatest provider and then source. A target whose labels change but whose identity does not keeps its
 * collector, unless a strategy that is not sticky wants it elsewhere for the labels that it has now. A target whose filter
 * throws is left out; one whose strategy throws keeps its collector, or is unassigned and says why.
 */
export class AllocationEngine extends StateView {
  readonly #strategy: AllocationStrategy;
  readonly #errors: PolicyErrors;
  readonly #state: AllocationState;
  readonly #store = new GroupStore();
  readonly #builder = new GroupBuilder();
  readonly #hash: LabelHash;
  readonly #programs = new ProgramBudget();
  readonly #staging: Staging;
  #specs = SortedMap.of<EngineJob>();
  readonly #providers = new Usage<string>();
  readonly #keys = new Usage<string | undefined>();
  readonly #runners = new Map<string | undefined, FilterRunner>();

  constructor(options: EngineOptions) {
    const errors = new PolicyErrors(options.onPolicyError);
    const state = new AllocationState(
      new Placement(options.strategy, [], errors),
      new TargetReader(options.strategy.reads),
      new BodyCache(options.maxBodyBytes ?? MAX_BODY_BYTES),
    );
    super(state);
    this.#state = state;
    this.#errors = errors;
    this.#strategy = options.strategy;
    this.#hash = new LabelHash(options.hashSeed);
    this.#staging = new Staging(errors);
  }

  /** How many times filters and the strategy have thrown since the start. */
  get policyErrors(): { readonly filter: number; readonly strategy: number } {
    return this.#errors.counts;
  }

  /** The present jobs: those that are not in the list any more are gone. See {@link AllocationEngine.changeJobs}. */
  *setJobs(jobs: readonly EngineJob[]): Generator<void, void> {
    const present = new Set(jobs.map(({ name }) => name));
    const gone = [...this.#specs.keys()].filter((name) => !present.has(name));
    yield* this.changeJobs(jobs, gone);
  }

  /**
   * Jobs that are new or may have changed, and the names of those that are gone. A job whose filter or providers changed is
   * made anew from what is stored, and its targets keep their collectors.
   */
  *changeJobs(jobs: readonly EngineJob[], gone: Iterable<string>): Generator<void, void> {
    const former = this.#specs;
    const changes = new Map<string, EngineJob | undefined>();
    for (const name of gone) changes.set(name, undefined);
    for (const job of jobs.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
      changes.set(job.name, job);
    this.#specs = former.with(changes);
    yield* this.#setProviders(changes);
    yield* this.#setRunners(changes);
    for (const [name, spec] of changes) if (spec === undefined) this.#state.removeJob(name);
    for (const spec of changes.values()) {
      if (spec === undefined) continue;
      const before = former.get(spec.name);
      if (before === undefined || !isSameJob(before, spec)) yield* this.#rebuild(spec);
      yield;
    }
  }

  /** A group's new state; without targets it is gone. An equal state is recognised and costs only the comparison. */
  applyGroup(provider: string, group: TargetGroup): Generator<void, void> {
    return this.applyGroups(provider, [group]);
  }

  /** Applies groups in their order, and yields between them: many small ones must not hold the event loop either. */
  *applyGroups(provider: string, groups: Iterable<TargetGroup>): Generator<void, void> {
    const jobs = this.#jobsOf(provider);
    for (const group of groups) {
      const former = this.#store.get(provider, group.source);
      if (former !== undefined || sizeOf(group) > 0) {
        const built = yield* this.#builder.build(provider, group, former);
        if (built !== undefined) {
          for (const name of jobs) {
            const job = this.#state.job(name);
            if (job !== undefined) yield* this.#changeGroup(job, built);
          }
          this.#keep(built.group);
        }
      }
      yield;
    }
  }

  /** All groups of a provider are gone. */
  *removeProvider(provider: string): Generator<void, void> {
    if (this.#store.rows(provider) === 0) return;
    this.#store.removeProvider(provider);
    for (const job of this.#jobsOf(provider)) {
      const spec = this.#specs.get(job);
      if (spec !== undefined) yield* this.#rebuild(spec);
    }
  }

  /**
   * The present collectors, in any order. A collector that differs in anything (its node, say) from the one that had its
   * name counts as changed. The new allocation is computed beside the served one and takes its place at once.
   */
  *setCollectors(collectors: readonly Collector[]): Generator<void, void> {
    const state = this.#state;
    const former = state.placement;
    if (sameCollectors(former.collectors, sortedCollectors(collectors))) return;
    const placement = new Placement(this.#strategy, collectors, this.#errors);
    const indexes = Int32Array.from(former.collectors, ({ name }) => placement.indexOf(name));
    const drafts = new Map<string, JobAllocation>();
    const context = state.contextWith(placement, drafts);
    for (const job of state.jobs.values()) {
      const draft = job.draft();
      drafts.set(job.name, draft);
      draft.moveCollectors(indexes, context);
      yield;
    }
    for (const draft of drafts.values()) {
      yield* draft.replaceAll();
      yield* placePending(draft, context);
    }
    state.commitCollectors(drafts, context);
  }

  /**
   * Has decisions guide the allocation from now on. `undefined`: it decides itself again: targets keep their collectors
   * (a strategy that is not sticky is asked about them), and the others are placed. A keyed strategy is not guided.
   */
  *guide(guidance: Guidance | undefined): Generator<void, void> {
    const state = this.#state;
    if (this.#strategy.keyed !== undefined) return;
    if (guidance === undefined && state.guide === undefined) return;
    state.guide = guidance && new Guide(guidance, state.identities);
    yield* redecideJobs([...state.jobs.keys()], state);
  }

  /** The decisions that guide the allocation have changed for these jobs; each of them changes in one visible step. */
  *redecide(jobs: Iterable<string>): Generator<void, void> {
    if (this.#state.guide !== undefined) yield* redecideJobs(jobs, this.#state);
  }

  /** Sorted, so that nothing depends on the order in which jobs came. */
  #jobsOf(provider: string): readonly string[] {
    return [...this.#providers.usersOf(provider)].sort();
  }

  #keep(group: StoredGroup): void {
    if (group.rows > 0) this.#store.put(group);
    else this.#store.remove(group.provider, group.source);
  }

  *#changeGroup(job: JobAllocation, built: BuiltGroup): Generator<void, void> {
    const state = this.#state;
    const former = job.groups.find(built.group.provider, built.group.source);
    const staging = this.#staging;
    const staged = { job, built, former };
    staging.start(staged, state.placement);
    while (staging.fillSome(staged)) yield;
    const isDraft = needsDraft(staging, former);
    const changed = isDraft ? job.draft() : job;
    const context = isDraft ? state.contextFor(changed) : state.context;
    changed.discovered += built.group.rows - (built.former?.rows ?? 0);
    const change = isDraft ? { ...staged, job: changed } : staged;
    const replacement = new GroupReplacement(change, staging, context);
    while (replacement.advance()) yield;
    if (placeSome(changed, context)) yield* placePending(changed, context);
    // The draft shares the groups with the job that is served, so both change in one step.
    changed.groups.commit(built.group, replacement.group);
    if (isDraft) state.commitJob(changed, context);
    else state.changed(changed);
    yield;
  }

  /** Makes a job anew from the stored groups of its providers, beside the one that is served. */
  *#rebuild(spec: EngineJob): Generator<void, void> {
    const state = this.#state;
    const draft = new JobAllocation(spec.name, this.#runnerOf(spec));
    const context = state.contextFor(draft);
    const former = state.job(spec.name);
    if (former !== undefined) draft.succeed(former, context);
    let groups = 0;
    for (const provider of new Set(spec.providers)) {
      for (const group of this.#store.groups(provider)) {
        const built: BuiltGroup = { group, former: undefined, origins: undefined };
        const change = { job: draft, built, former: undefined };
        this.#staging.start(change, state.placement);
        while (this.#staging.fillSome(change)) yield;
        const replacement = new GroupReplacement(change, this.#staging, context);
        while (replacement.advance()) yield;
        draft.groups.commit(group, replacement.group);
        draft.discovered += group.rows;
        if (++groups % GROUPS_PER_STEP === 0) yield;
      }
    }
    yield* placePending(draft, context);
    draft.ownerBefore = undefined;
    state.commitJob(draft, context);
  }

  *#setProviders(changes: ReadonlyMap<string, EngineJob | undefined>): Generator<void, void> {
    for (const [name, spec] of changes) {
      this.#providers.set(name, spec?.providers);
      yield;
    }
    // The groups of a provider without jobs stay until they are removed.
    this.#providers.takeUnused();
  }

  /** What is compiled for a key goes with the last job that has it; it is never made twice, whatever changes at once. */
  *#setRunners(changes: ReadonlyMap<string, EngineJob | undefined>): Generator<void, void> {
    for (const [name, spec] of changes) {
      this.#keys.set(name, spec && [keyOf(spec.filter)]);
      if (spec !== undefined) this.#runners.set(keyOf(spec.filter), this.#runnerOf(spec));
      yield;
    }
    for (const key of this.#keys.takeUnused()) this.#runners.delete(key);
  }

  /** Jobs whose filters have one key share what is compiled. */
  #runnerOf({ filter }: EngineJob): FilterRunner {
    const runner = this.#runners.get(keyOf(filter));
    return runner ?? new FilterRunner(filter, this.#hash, this.#programs);
  }
}

/** The key itself, not a text made of it: it is long, and told apart at once from one that is the same text object. */
const keyOf = (filter: JobFilter | undefined): string | undefined => filter?.key;

function isSameJob(a: EngineJob, b: EngineJob): boolean {
  const providers = new Set(a.providers);
  return (
    keyOf(a.filter) === keyOf(b.filter) &&
    providers.size === new Set(b.providers).size &&
    b.providers.every((provider) => providers.has(provider))
  );
}
