import { Injectable } from '@nestjs/common';
import { ServedState } from '../../allocation/index.js';
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

  constructor(
    private readonly state: ServedState,
    private readonly tags: EntityTags,
  ) {}

  /** The HTTP_SD answer: what one collector scrapes of one job. @throws NotKnownYetError */
  ofCollector(job: string, collector: string): Body {
    this.#demandKnown(job);
    const { view } = this.state;
    const bytes = view.targetsBody(job, collector);
    const version = `t${String(view.targetsVersion(job, collector))}`;
    return { bytes, contentType: JSON_TYPE, tag: this.tags.of(bytes, version) };
  }

  /** The answers of all collectors for one job: `{"<collector>":{"_link":…,"targets":[…]},…}`. @throws NotKnownYetError */
  ofJob(job: string): Body {
    this.#demandKnown(job);
    const { view } = this.state;
    const parts = view.collectors.map(({ name }) => ({
      collector: name,
      targets: view.targetsBody(job, name),
    }));
    const answer = this.#currentAnswer(job, parts);
    this.#keep(job, answer);
    return answer.body;
  }

  /** The jobs that have targets: `{"<job>":{"_link":…},…}`. @throws NotKnownYetError */
  list(): Body {
    this.#demandKnown();
    const { view } = this.state;
    if (this.#jobList?.generation !== view.generation) {
      this.#jobList = { generation: view.generation, body: this.#listOf(view.generation) };
    }
    return this.#jobList.body;
  }

  #demandKnown(job?: string): void {
    const reason = this.state.whyUnknown(job);
    if (reason !== undefined) throw new NotKnownYetError(reason);
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
    const jobs = this.state.view.jobs().filter((job) => job.targets > 0);
    const entries = jobs.map(
      ({ job }) => `${JSON.stringify(job)}:{"_link":${JSON.stringify(jobLink(job))}}`,
    );
    const bytes = Buffer.from(`{${entries.join(',')}}`);
    return { bytes, contentType: JSON_TYPE, tag: this.tags.of(bytes, `g${String(generation)}`) };
  }
}
