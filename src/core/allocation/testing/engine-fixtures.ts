import { emptyLabelSet, labelSetOf, type LabelSet } from '../../labels/label-set.js';
import type { JobFilter } from '../../target/target-filter.js';
import type { TargetGroup } from '../../target/target-group.js';
import { AllocationEngine, type EngineJob, type EngineOptions } from '../engine.js';
import { runToEnd } from './histories.js';
import { byKey } from './strategies.js';

/** Labels as tests write them. */
export type Labels = Readonly<Record<string, string>>;
/** A label set. */
export const set = (labels: Labels): LabelSet => labelSetOf(Object.entries(labels));
/** A target. */
export const at = (address: string, labels: Labels = {}): LabelSet =>
  set({ __address__: address, ...labels });
/** A group without labels of its own. */
export const group = (source: string, ...targets: LabelSet[]): TargetGroup => ({
  source,
  labels: emptyLabelSet,
  targets,
});
/** A job of provider `p`. */
export const job = (filter?: JobFilter, name = 'job'): EngineJob => ({
  name,
  providers: ['p'],
  filter,
});
/** Keeps what a function says, and counts the runs. */
export function filterOf(run: JobFilter['run'], key = 'f'): JobFilter & { runs: number } {
  const filter = {
    key,
    runs: 0,
    run(labels: LabelSet): LabelSet | undefined {
      filter.runs++;
      return run(labels);
    },
  };
  return filter;
}
/** Makes one label the identity. */
export const only = (name: string): JobFilter =>
  filterOf((labels) => set({ [name]: labels[name] ?? '' }), `only ${name}`);

/** An engine with one job and collectors on nodes of their names. */
export function start(
  options: Partial<EngineOptions>,
  filter?: JobFilter,
  collectors = ['a', 'b', 'c'],
): AllocationEngine {
  const engine = new AllocationEngine({ strategy: byKey, hashSeed: 1, ...options });
  runToEnd(engine.setJobs([job(filter)]));
  runToEnd(engine.setCollectors(collectors.map((name) => ({ name, node: `node-${name}` }))));
  return engine;
}
/** A collector's answer. */
export const text = (engine: AllocationEngine, collector: string): string =>
  new TextDecoder().decode(engine.targetsBody('job', collector));
/** Who has which address; `-`: nobody. */
export const owners = (engine: AllocationEngine): Labels =>
  Object.fromEntries([...engine.targets({})].map((t) => [t.address, t.collector ?? '-']));
