import { compareUtf8, sortedNames } from '../../labels/compare-utf8.js';
import { isMetaLabel } from '../../labels/label-names.js';
import { labelSetOf, type LabelSet } from '../../labels/label-set.js';
import { mergeLabels } from '../../labels/merge-labels.js';
import type { TargetGroup } from '../../target/target-group.js';
import type { Target } from '../../target/target.js';
import type { Collector } from '../collector.js';
import type { EngineJob } from '../engine.js';
import type { AllocationStrategy } from '../strategy.js';

/** A target as the reference sees it. */
export interface ReferenceTarget extends Target {
  readonly collector: string | undefined;
}

/** What a job comes to. */
export interface ReferenceJob {
  readonly discovered: number;
  readonly remaining: number;
  readonly targets: readonly ReferenceTarget[];
}

/** The rules of allocation written down plainly: everything from scratch, nothing remembered. An oracle for tests. */
export class ReferenceAllocation {
  readonly #strategy: AllocationStrategy;
  readonly #groups = new Map<string, Map<string, TargetGroup>>();
  #jobs: readonly EngineJob[] = [];
  #collectors: readonly Collector[] = [];

  /** @param strategy One whose answers depend on collectors and target alone. */
  constructor(strategy: AllocationStrategy) {
    this.#strategy = strategy;
  }

  setJobs(jobs: readonly EngineJob[]): void {
    this.#jobs = jobs;
  }

  setCollectors(collectors: readonly Collector[]): void {
    this.#collectors = collectors;
  }

  applyGroup(provider: string, group: TargetGroup): void {
    const groups = this.#groups.get(provider) ?? new Map<string, TargetGroup>();
    this.#groups.set(provider, groups);
    if (group.targets.length > 0) groups.set(group.source, group);
    else groups.delete(group.source);
  }

  removeProvider(provider: string): void {
    this.#groups.delete(provider);
  }

  get jobs(): readonly EngineJob[] {
    return this.#jobs.toSorted((a, b) => compareUtf8(a.name, b.name));
  }

  get collectors(): readonly Collector[] {
    return this.#collectors;
  }

  job({ name, providers, filter }: EngineJob): ReferenceJob {
    const shown = new Map<string, Target>();
    let discovered = 0;
    let remaining = 0;
    for (const { group, target } of this.#targetsOf(providers)) {
      discovered++;
      const labels = mergeLabels(group.labels, target);
      const kept = filter === undefined ? labels : filter.run(labels);
      if (kept === undefined) continue;
      remaining++;
      const identity = identityOf(kept);
      shown.delete(identity);
      shown.set(identity, {
        job: name,
        address: target['__address__'] ?? '',
        labels: sorted(labels),
      });
    }
    return { discovered, remaining, targets: [...shown.values()].map((t) => this.#place(t)) };
  }

  *#targetsOf(
    providers: readonly string[],
  ): Generator<{ readonly group: TargetGroup; readonly target: LabelSet }> {
    for (const provider of [...new Set(providers)].sort()) {
      const groups = this.#groups.get(provider) ?? new Map<string, TargetGroup>();
      for (const source of [...groups.keys()].sort()) {
        const group = groups.get(source);
        for (const target of group?.targets ?? []) if (group) yield { group, target };
      }
    }
  }

  #place(target: Target): ReferenceTarget {
    if (this.#collectors.length === 0) return { ...target, collector: undefined };
    const pick = this.#strategy.prepare(this.#collectors);
    const nothing = { targets: () => 0, targetsOfJob: () => 0 };
    return { ...target, collector: pick(target, undefined, nothing) };
  }
}

function sorted(labels: LabelSet): LabelSet {
  return labelSetOf(sortedNames(labels).map((name) => [name, labels[name] ?? '']));
}

/** What makes two targets of a job the same. */
function identityOf(labels: LabelSet): string {
  const names = sortedNames(labels).filter((n) => labels[n] !== '' && !isMetaLabel(n));
  return JSON.stringify(names.map((name) => [name, labels[name]]));
}
