import { Injectable } from '@nestjs/common';
import { compareUtf8 } from '../../../core/labels/compare-utf8.js';
import { ServedState } from '../../allocation/index.js';
import { StaleAnswers } from '../../warm-start/index.js';
import { type Body, JSON_TYPE } from '../bodies/body.js';
import { EntityTags } from '../bodies/entity-tags.js';
import { NotKnownYetError } from '../http.errors.js';
import { JobAnswer } from './job-answer.js';
import { jobLink } from './job-link.js';

/** How many jobs' whole answers are kept; people ask for them, collectors do not. */
const MAX_JOB_ANSWERS = 16;

/** The answers under `/jobs`, made of bytes that the allocation keeps; each is the same object until it changes. */
@Injectable()
export class TargetBodies {
  readonly #jobAnswers = new Map<string, JobAnswer>();
  #jobList: { readonly generation: number; readonly body: Body } | undefined;
  #jobAnswersMade = 0;
  #staleListsMade = 0;

  constructor(
    private readonly state: ServedState,
    private readonly stale: StaleAnswers,
    private readonly tags: EntityTags,
  ) {}

  /** The HTTP_SD answer: what one collector scrapes of one job. @throws NotKnownYetError */
  ofCollector(job: string, collector: string): Body {
    const unknown = this.state.whyUnknown(job);
    if (unknown !== undefined) return this.#staleOfCollector(job, collector, unknown);
    const { view } = this.state;
    const bytes = view.targetsBody(job, collector);
    const version = `t${String(view.targetsVersion(job, collector))}`;
    return { bytes, contentType: JSON_TYPE, tag: this.tags.of(bytes, version) };
  }

  /**
   * The answers of all collectors for one job: `{"<collector>":{"_link":…,"targets":[…]},…}`.
   *
   * @throws NotKnownYetError
   */
  ofJob(job: string): Body {
    const unknown = this.state.whyUnknown(job);
    if (unknown !== undefined) {
      const { parts, asOfMs } = known(this.stale.ofJob(job), unknown);
      return { ...this.#bodyOf(job, parts), asOfMs };
    }
    const { view } = this.state;
    const parts = view.collectors.map(({ name }) => ({
      collector: name,
      targets: view.targetsBody(job, name),
    }));
    return this.#bodyOf(job, parts);
  }

  /** The jobs that have targets: `{"<job>":{"_link":…},…}`. @throws NotKnownYetError */
  list(): Body {
    const { view } = this.state;
    const unknown = this.#whyNoJobIsKnown();
    const stale = this.stale.jobsWithTargets();
    if (stale.size > 0) return this.#staleList(stale, unknown === undefined);
    if (unknown !== undefined) throw new NotKnownYetError(unknown);
    if (this.#jobList?.generation !== view.generation) {
      this.#jobList = { generation: view.generation, body: this.#listOf(view.generation) };
    }
    return this.#jobList.body;
  }

  /** `undefined`: at least one is; those that are awaited are added as they come. */
  #whyNoJobIsKnown(): string | undefined {
    const unknown = this.state.whyUnknown();
    if (unknown === undefined) return undefined;
    const awaited = this.state.unknownJobs()?.size;
    const isOneKnown =
      awaited !== undefined && awaited < (this.state.scrapeConfigs?.configs.size ?? 0);
    return isOneKnown ? undefined : unknown;
  }

  #staleOfCollector(job: string, collector: string, unknown: string): Body {
    const { bytes, asOfMs } = known(this.stale.ofCollector(job, collector), unknown);
    return { bytes, contentType: JSON_TYPE, tag: this.tags.of(bytes, 'stale'), asOfMs };
  }

  #bodyOf(job: string, parts: ConstructorParameters<typeof JobAnswer>[1]): Body {
    const answer = this.#currentAnswer(job, parts);
    this.#keep(job, answer);
    return answer.body;
  }

  #currentAnswer(job: string, parts: ConstructorParameters<typeof JobAnswer>[1]): JobAnswer {
    const kept = this.#jobAnswers.get(job);
    if (kept?.isMadeOf(parts) === true) return kept;
    return new JobAnswer(job, parts, (bytes) =>
      this.tags.of(bytes, `j${String(++this.#jobAnswersMade)}`),
    );
  }

  /** A map's order is that of insertion: the first entry is the one that was asked for longest ago. */
  #keep(job: string, answer: JobAnswer): void {
    this.#jobAnswers.delete(job);
    this.#jobAnswers.set(job, answer);
    for (const oldest of this.#jobAnswers.keys()) {
      if (this.#jobAnswers.size <= MAX_JOB_ANSWERS) break;
      this.#jobAnswers.delete(oldest);
    }
  }

  #listOf(generation: number): Body {
    return this.#listBody(this.#jobsWithTargets(), `g${String(generation)}`);
  }

  /** What is known of some jobs and what was right of others; made anew each time, for it is soon over. */
  #staleList(stale: ReadonlySet<string>, isPartlyKnown: boolean): Body {
    const jobs = new Set([...(isPartlyKnown ? this.#jobsWithTargets() : []), ...stale]);
    const body = this.#listBody([...jobs].sort(compareUtf8), `s${String(++this.#staleListsMade)}`);
    const { asOfMs } = this.stale;
    return asOfMs === undefined ? body : { ...body, asOfMs };
  }

  #jobsWithTargets(): readonly string[] {
    return this.state.view
      .jobs()
      .filter(({ targets }) => targets > 0)
      .map(({ job }) => job);
  }

  #listBody(jobs: readonly string[], version: string): Body {
    const entries = jobs.map(
      (job) => `${JSON.stringify(job)}:{"_link":${JSON.stringify(jobLink(job))}}`,
    );
    const bytes = Buffer.from(`{${entries.join(',')}}`);
    return { bytes, contentType: JSON_TYPE, tag: this.tags.of(bytes, version) };
  }
}

/** @throws NotKnownYetError when there is not even an answer that was right once. */
function known<T>(stale: T | undefined, unknown: string): T {
  if (stale === undefined) throw new NotKnownYetError(unknown);
  return stale;
}
