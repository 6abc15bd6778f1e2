import { text } from 'node:stream/consumers';
import { getHeapSnapshot, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { isLongRun } from '../../fixtures/long-run.js';
import { AllocationEngine } from '../../../src/core/allocation/engine.js';
import { toEnd } from '../../../src/core/document/steps.js';
import { loadXxhash64 } from '../../../src/core/hash/xxhash64.js';
import { labelSetOf } from '../../../src/core/labels/label-set.js';
import type { TargetGroup } from '../../../src/core/target/target-group.js';
import { engineJobs } from '../../../src/modules/allocation/engine-job.js';
import type { AllocationStrategy, ScrapeConfig } from '../../../src/plugin-api/index.js';
import { relabelConfigFilter } from '../../../src/plugins/filters/relabel-config/relabel-config-filter.js';
import { consistentHashing } from '../../../src/plugins/strategies/consistent-hashing/consistent-hashing.js';
import { leastWeighted } from '../../../src/plugins/strategies/least-weighted/least-weighted.js';
import { perNode } from '../../../src/plugins/strategies/per-node/per-node.js';
import { testContext } from '../../fixtures/plugin-context.js';
import { grown } from './footprint.js';
import { jobOf } from '../discovery/running-discovery.js';
import { countObjects } from './heap-objects.js';

const warmUpCycles = 2_000;
const cycles = isLongRun ? 10_000 : 4_000;
const present = { groups: 100, jobs: 5, collectors: 10 } as const;
const groupsPerJob = present.groups / present.jobs;
const targetsPerGroup = 4;

const filter = relabelConfigFilter.create({}, testContext());

/** An engine in which nothing is for long: groups, jobs, providers, collectors, and the names of all of them. */
class PassingEverything {
  readonly #engine: AllocationEngine;
  #cycle = 0;

  constructor(strategy: AllocationStrategy) {
    this.#engine = new AllocationEngine({ strategy, hashSeed: 7 });
  }

  /** A group, of a job that is begun and of another that ends with each so many'th, comes; a collector likewise. */
  pass(): void {
    const n = this.#cycle++;
    const job = Math.floor(n / groupsPerJob);
    run(this.#engine.applyGroup(providerOf(job), groupOf(n)));
    if (n % groupsPerJob === 0) this.#begin(job);
    const gone = n - present.groups;
    const jobOfGone = Math.floor(gone / groupsPerJob);
    run(this.#engine.applyGroup(providerOf(jobOfGone), { ...groupOf(gone), targets: [] }));
    for (const { job: name } of this.#engine.jobs()) {
      for (const collector of this.#engine.collectors) {
        this.#engine.targetsBody(name, collector.name);
      }
    }
  }

  /** Makes the pool of values as full as it ever is: it is made for a fleet, and would fill up slowly. */
  fillPool(): void {
    const names = Array.from({ length: 1_000 }, (_, i) => `label_${String(i)}`);
    for (let n = 0; n < 600; n++) {
      const labels = labelSetOf(names.map((name) => [name, `${name} in ${String(n)}`]));
      run(this.#engine.applyGroup('filling', { source: '', labels, targets: [labels] }));
    }
    run(this.#engine.removeProvider('filling'));
  }

  /** What there is of what could be counted. */
  get size(): { readonly jobs: number; readonly collectors: number; readonly targets: number } {
    const jobs = this.#engine.jobs();
    return {
      jobs: jobs.length,
      collectors: this.#engine.collectors.length,
      targets: jobs.reduce((sum, { targets }) => sum + targets, 0),
    };
  }

  #begin(job: number): void {
    const config = configOf(job);
    const begun = toEnd(
      engineJobs(
        new Map([[config.job_name, [providerOf(job)]]]),
        new Map([[config.job_name, config]]),
        filter,
      ),
    );
    const ended = job - present.jobs;
    run(this.#engine.changeJobs(begun, [configOf(ended).job_name]));
    run(this.#engine.removeProvider(providerOf(ended)));
    const collectors = Array.from({ length: present.collectors }, (_, i) => ({
      name: `collector-${String(job + i)}`,
      node: `node-${String((job + i) % 20)}`,
    }));
    run(this.#engine.setCollectors(collectors));
  }
}

function groupOf(n: number): TargetGroup {
  const name = String(n);
  return {
    source: `source-${name}`,
    labels: labelSetOf([
      ['__meta_owner', `owner-${name}`],
      ['cluster', 'one'],
      [`label_${name}`, name],
    ]),
    targets: Array.from({ length: targetsPerGroup }, (_, i) =>
      labelSetOf([
        ['__address__', `host-${name}:${String(i)}`],
        ['__meta_kubernetes_pod_node_name', `node-${String((n + i) % 20)}`],
        [`a_label_${name}`, `value-${name}`],
      ]),
    ),
  };
}

function configOf(job: number): ScrapeConfig {
  const name = `job-${String(job)}`;
  return jobOf(name, {
    relabel_configs: [
      { source_labels: ['__meta_owner'], regex: `owner-(.+)|${name}.*`, target_label: 'owner' },
      { regex: '__meta_kubernetes_(.+)', action: 'labelmap' },
    ],
  });
}

const providerOf = (job: number): string => `provider-${String(job)}`;

function run(work: Iterator<void, void>): void {
  while (work.next().done !== true);
}

/** As in a process that lets events in between. */
async function pass(passing: PassingEverything, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    passing.pass();
    if (n % groupsPerJob === 0) await new Promise(setImmediate);
  }
}

/** The objects of each class once all garbage is gone; what remembers it notices with the next changes. */
async function objectsAfter(passing: PassingEverything): Promise<ReadonlyMap<string, number>> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  for (let round = 0; round < 4; round++) {
    collectGarbage();
    await pass(passing, groupsPerJob);
  }
  collectGarbage();
  return countObjects(await text(getHeapSnapshot()));
}

describe('an engine whose groups, jobs and collectors come and go under names that never were before', () => {
  beforeAll(async () => {
    await loadXxhash64();
  });

  it.each([consistentHashing, leastWeighted, perNode])(
    'holds no more objects after thousands of cycles: $name',
    async (definition) => {
      const passing = new PassingEverything(definition.create({}, testContext()));
      passing.fillPool();
      await pass(passing, warmUpCycles);
      const size = passing.size;
      const before = await objectsAfter(passing);
      await pass(passing, cycles);
      const after = await objectsAfter(passing);
      expect(size.targets).toBe(present.groups * targetsPerGroup);
      expect(passing.size).toEqual(size);
      // One of a class forgotten in twenty cycles would be more, whatever V8 does for itself.
      expect(grown(before, after, { share: 0.01, count: cycles / 20 })).toEqual([]);
    },
  );
});
