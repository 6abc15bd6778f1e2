import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../plugin-api/index.js';
import { ServedState } from '../allocation/index.js';
import { ConfigService } from '../config/index.js';
import { CLOCK } from '../telemetry/index.js';
import { type RememberedJob, RememberedState } from './remembered-state.js';
import { type StaleAnswer, StaleAnswers, type StaleParts } from './stale-answers.js';

const noTargets = Buffer.from('[]');
const noJobs: ReadonlySet<string> = new Set();

/** Answers from {@link RememberedState} what live state cannot answer yet. */
@Injectable()
export class RememberedAnswers extends StaleAnswers {
  /** The answer is made once, and is the same object from then on. */
  #scrapeConfigs: StaleAnswer | undefined;

  constructor(
    private readonly remembered: RememberedState,
    private readonly state: ServedState,
    private readonly config: ConfigService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    super();
  }

  ofCollector(job: string, collector: string): StaleAnswer | undefined {
    const remembered = this.#find(job);
    const part = remembered?.parts?.find((one) => one.collector === collector);
    if (remembered?.parts === undefined) return undefined;
    // Of a collector that has come since nothing is known.
    if (part === undefined && !this.remembered.collectors.has(collector)) return undefined;
    return { bytes: part?.body ?? noTargets, asOfMs: remembered.asOfMs };
  }

  ofJob(job: string): StaleParts | undefined {
    const remembered = this.#find(job);
    if (remembered?.parts === undefined) return undefined;
    const { parts, asOfMs } = remembered;
    const bodies = new Map(parts.map(({ collector, body }) => [collector, body]));
    return {
      asOfMs,
      parts: Array.from(this.remembered.collectors, (collector) => ({
        collector,
        targets: bodies.get(collector) ?? noTargets,
      })),
    };
  }

  jobsWithTargets(): ReadonlySet<string> {
    if (this.remembered.isEmpty) return noJobs;
    const unknown = this.state.unknownJobs();
    const jobs = [...this.remembered.jobs()].filter(
      ({ job, parts = [] }) =>
        parts.length > 0 && unknown?.has(job) !== false && this.#find(job) !== undefined,
    );
    return new Set(jobs.map(({ job }) => job));
  }

  scrapeConfigs(secrets: 'mask' | 'reveal'): StaleAnswer | undefined {
    const { asOfMs } = this.remembered;
    if (this.state.scrapeConfigs !== undefined || !this.#isFresh(asOfMs)) return undefined;
    const jobs = this.remembered.allJobs();
    if (jobs === undefined) return undefined;
    // What is masked was never written.
    if (secrets === 'reveal' && jobs.some(({ hasSecrets }) => hasSecrets)) return undefined;
    return (this.#scrapeConfigs ??= { bytes: listOf(jobs), asOfMs });
  }

  get asOfMs(): number | undefined {
    const { isEmpty, asOfMs } = this.remembered;
    return isEmpty || !this.#isFresh(asOfMs) ? undefined : asOfMs;
  }

  /** What is remembered of a job that may still be as it was. */
  #find(name: string): RememberedJob | undefined {
    const job = this.remembered.job(name);
    if (job === undefined || !this.#isFresh(job.asOfMs)) return undefined;
    const { scrapeConfigs } = this.state;
    return scrapeConfigs === undefined || scrapeConfigs.configs.has(name) ? job : undefined;
  }

  #isFresh(asOfMs: number): boolean {
    return this.clock.epochMs() - asOfMs <= this.config.current.stateMaxAgeMs;
  }
}

function listOf(jobs: readonly RememberedJob[]): Uint8Array {
  const entries = jobs.map(({ scrapeConfig }) => Buffer.from(scrapeConfig).toString());
  return Buffer.from(`{${entries.join(',')}}`);
}
