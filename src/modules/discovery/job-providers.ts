import type { Provider } from './provider.js';

/** How long a job keeps the groups of a former provider while a new one has not answered, in milliseconds. */
const LONGEST_STAND_IN_MS = 30_000;

/** The providers of one job. Values: a change makes a new one. */
export interface JobProviders {
  /** Those that the job's configuration asks for, in its order. */
  readonly wanted: readonly Provider[];
  /** Former ones that stand in until every wanted one has answered, or their time is over. */
  readonly standIns: readonly Provider[];
  /** On the monotonic clock. */
  readonly standInsUntilMs: number;
}

/**
 * The providers of a job after its configuration was read again. What is wanted as before stays as it is; a changed
 * configuration keeps the former providers that had answered until the new ones have.
 */
export function nextProviders(
  former: JobProviders | undefined,
  wanted: readonly Provider[],
  nowMs: number,
): JobProviders {
  if (former !== undefined && areSame(former.wanted, wanted)) return former;
  const standIns = [...(former?.standIns ?? []), ...(former?.wanted ?? [])].filter(
    (provider) => provider.isAnswered && !wanted.includes(provider),
  );
  return withoutNeedless({
    wanted,
    standIns: [...new Set(standIns)],
    standInsUntilMs: nowMs + LONGEST_STAND_IN_MS,
  });
}

/** Lets stand-ins go when every wanted provider has answered. */
export function withoutNeedless(job: JobProviders): JobProviders {
  const isNeedless = job.standIns.length > 0 && isAnswered(job);
  return isNeedless ? { ...job, standIns: [] } : job;
}

/** Lets stand-ins go when their time is over. */
export function withoutExpired(job: JobProviders, nowMs: number): JobProviders {
  const isExpired = job.standIns.length > 0 && nowMs >= job.standInsUntilMs;
  return isExpired ? { ...job, standIns: [] } : job;
}

/** Every wanted provider has answered. */
export function isAnswered(job: JobProviders): boolean {
  return job.wanted.every((provider) => provider.isAnswered);
}

/** Those whose groups are the job's at the moment: a wanted one that is stood in for counts from its answer on. */
export function inForce(job: JobProviders): readonly Provider[] {
  if (job.standIns.length === 0) return job.wanted;
  return [...job.wanted.filter((provider) => provider.isAnswered), ...job.standIns];
}

function areSame(a: readonly Provider[], b: readonly Provider[]): boolean {
  return a.length === b.length && a.every((provider, index) => provider === b[index]);
}
