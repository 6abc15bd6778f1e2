/** An answer that was right at a time. */
export interface StaleAnswer {
  /** The same object each time, as long as it is given. */
  readonly bytes: Uint8Array;
  /** When it was right, in epoch milliseconds. */
  readonly asOfMs: number;
}

/** What each collector had of a job. */
export interface StaleParts {
  readonly parts: readonly { readonly collector: string; readonly targets: Uint8Array }[];
  readonly asOfMs: number;
}

/**
 * Answers of an earlier life of the allocator, for who asks before it is known what is now: better than no answer, because
 * collectors that have just started have nothing to go on with. `undefined`: there is none, or it is too old, or it is
 * known to be wrong. It is asked only for what live state cannot answer.
 */
export abstract class StaleAnswers {
  /** The targets that a collector had of a job, as HTTP_SD. */
  abstract ofCollector(job: string, collector: string): StaleAnswer | undefined;
  abstract ofJob(job: string): StaleParts | undefined;
  /** The jobs that had targets and of which nothing newer is known. */
  abstract jobsWithTargets(): ReadonlySet<string>;
  /** @param secrets What is masked cannot be revealed. */
  abstract scrapeConfigs(secrets: 'mask' | 'reveal'): StaleAnswer | undefined;
  /** When what is remembered was right, in epoch milliseconds, as long as something is answered from it. */
  abstract readonly asOfMs: number | undefined;
}
