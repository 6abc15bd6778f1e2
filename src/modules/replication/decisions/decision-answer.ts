import type { AllocationView } from '../../../core/allocation/allocation-view.js';
import { NOBODY, type OwnedTargets, type OwnersView } from '../../../core/allocation/decisions.js';
import { LoopShare } from '../../../plugin-api/index.js';
import { mostTargetsPerLine, writeDecisionLine } from './decision-lines.js';

/** What a follower has already. */
export interface FollowerState {
  readonly epoch: string;
  readonly generation: number;
}

/** What the answer is made of. */
export interface DecisionsTold {
  readonly epoch: string;
  readonly owners: OwnersView;
  readonly view: Pick<AllocationView, 'job' | 'targetsOfJob'>;
}

/**
 * The lines of an answer: what has changed since what the follower has, or everything. Each job is told in one state; a
 * job that changes after it was told is told again by the next answer.
 */
export async function* decisionAnswer(
  told: DecisionsTold,
  follower: FollowerState | undefined,
): AsyncGenerator<string, void> {
  const { epoch, owners } = told;
  const { generation } = owners;
  const isKnown = follower?.epoch === epoch && follower.generation <= generation;
  const since = isKnown ? follower.generation : 0;
  yield writeDecisionLine({ kind: 'begin', epoch, generation, isWhole: !isKnown });
  const loop = new LoopShare();
  let jobs = 0;
  for (const job of owners.changedJobs(since)) {
    const { parts, collectors } = await presentState(told, { job, since, loop });
    if (collectors.size === 0 && !isKnown) continue;
    jobs += 1;
    yield writeDecisionLine({ kind: 'job', job, collectors });
    for (const part of parts) {
      for (const piece of pieces(part)) {
        yield writeDecisionLine({ kind: 'part', collector: part.collector, ...piece });
        await loop.giveWay();
      }
    }
    await loop.giveWay();
  }
  yield writeDecisionLine({ kind: 'end', jobs });
}

/** They are told with each change of their job: what was read of them is always what is. */
const nobodysVersion = 0;

interface JobQuestion {
  readonly job: string;
  readonly since: number;
  readonly loop: LoopShare;
}

/** Parts that have changed and the numbers of all, as they are at one moment. */
async function presentState(
  told: DecisionsTold,
  question: JobQuestion,
): Promise<{
  readonly parts: readonly OwnedTargets[];
  readonly collectors: ReadonlyMap<string, number>;
}> {
  const { owners, view } = told;
  const { job, loop } = question;
  for (;;) {
    const asked = changedParts(told, question);
    const work = owners.owners(job, asked.keys());
    let step = work.next();
    while (step.done !== true) {
      await loop.giveWay();
      step = work.next();
    }
    const parts = step.value;
    const present = changedParts(told, question);
    // Collectors that got their first targets while others were read are not among those that were asked for.
    const isPresent = parts.every(
      ({ collector, version }) =>
        present.get(collector) === (collector === NOBODY ? nobodysVersion : version),
    );
    if (!isPresent || present.size !== asked.size) continue;
    const collectors = new Map<string, number>();
    for (const name of owners.versions(job).keys()) {
      collectors.set(name, view.targetsOfJob(name, job));
    }
    for (const { collector, high } of parts) collectors.set(collector, high.length);
    return { parts, collectors };
  }
}

/** Versions and generations are of one series: what is newer than a generation has changed after it. */
function changedParts(
  { owners, view }: DecisionsTold,
  { job, since }: JobQuestion,
): ReadonlyMap<string, number> {
  const changed = new Map([...owners.versions(job)].filter(([, version]) => version > since));
  if ((view.job(job)?.unassigned ?? 0) > 0) changed.set(NOBODY, nobodysVersion);
  return changed;
}

function* pieces({ high, low }: OwnedTargets): Iterable<{ high: Int32Array; low: Int32Array }> {
  for (let from = 0; from < high.length; from += mostTargetsPerLine) {
    const to = from + mostTargetsPerLine;
    yield { high: high.subarray(from, to), low: low.subarray(from, to) };
  }
}
