import { quote, renderScrapeConfig } from '../../core/scrape-config/render.js';
import type { Clock, ScrapeConfig } from '../../plugin-api/index.js';
import type { AllocationService, ServedState } from '../allocation/index.js';
import type { TargetPipeline } from '../targets/index.js';
import type { ServedScrapeConfigs } from '../watchers/index.js';
import { captureParts, signatureOf } from './kept-parts.js';
import { encodeJob, fileOfJob, type KeptPart } from './kept-job.js';
import type { RememberedState } from './remembered-state.js';
import { encodeHead, HEAD_FILE, type ListedJob, type SnapshotHead } from './snapshot-head.js';
import type { StateDirectory } from './state-directory.js';

export interface WriterParts {
  readonly directory: StateDirectory;
  readonly state: ServedState;
  readonly allocation: AllocationService;
  readonly pipeline: TargetPipeline;
  readonly remembered: RememberedState;
  readonly clock: Clock;
  readonly namespace: string;
  readonly strategy: string;
  readonly withOwners: boolean;
}

/** What one pass has done. */
export interface Pass {
  /** Time of the event loop, in milliseconds. */
  readonly workMs: number;
  readonly writtenBytes: number;
  /** Why not all could be written; `undefined`: it could. */
  readonly failure: unknown;
}

/** A job as its file has it. */
interface WrittenJob {
  readonly file: string;
  readonly config: ScrapeConfig;
  /** Of its live targets; `undefined`: only remembered ones or none are in the file. */
  readonly signature: string | undefined;
  readonly asOfMs: number | undefined;
}

/** A job whose targets are in its file. */
interface CapturedJob extends Pick<WrittenJob, 'signature' | 'asOfMs'> {
  readonly parts: readonly KeptPart[] | undefined;
}

/** A disk that is full fails every file: what fails for one job alone must not keep the others from being written. */
const MAX_FAILURES = 3;
/** What a masked password in a URL looks like, and any other masked secret. */
const masks = [':xxxxx@', '<secret>'];

/** Brings the directory in line with what is served. A pass costs what has changed since the one before. */
export class SnapshotWriter {
  readonly #written = new Map<string, WrittenJob>();
  /** Jobs that have not changed since then are as they were when they were written. */
  #lookedAt = 0;
  /** What the head that is written was made of; `undefined`: it is to be made anew. */
  #headOf: { readonly configs: unknown; readonly collectors: unknown } | undefined;
  /** Files may be there that no head of this life's lists. */
  #mayHaveStrangers = true;

  constructor(private readonly parts: WriterParts) {}

  /** Everything is to be written again: the directory is not the one that was written to. */
  reset(): void {
    this.#written.clear();
    this.#headOf = undefined;
    this.#mayHaveStrangers = true;
  }

  /**
   * Does nothing as long as the jobs are not known: what an earlier life has left is better than that.
   *
   * @param signal Ends the pass before its next file.
   */
  async write(signal?: AbortSignal): Promise<Pass> {
    const pass = new RunningPass();
    const { state, allocation } = this.parts;
    const { scrapeConfigs } = state;
    if (scrapeConfigs === undefined) return pass;
    const unknown = state.unknownJobs();
    const { generation } = allocation.owners;
    const changed = new Set(allocation.owners.changedJobs(this.#lookedAt));
    const isStopped = (): boolean => signal?.aborted === true || pass.failures >= MAX_FAILURES;
    for (const [job, config] of scrapeConfigs.configs) {
      if (isStopped()) break;
      const isKnown = unknown?.has(job) === false;
      if (this.#isWritten(job, config, { isKnown, isChanged: changed.has(job) })) continue;
      await pass.attempt(() => this.#writeJob(job, config, { isKnown, pass }));
    }
    pass.isComplete = pass.failures === 0 && !isStopped();
    if (pass.isComplete) this.#lookedAt = generation;
    await pass.attempt(() => this.#writeHead(scrapeConfigs, pass));
    return pass;
  }

  #isWritten(
    job: string,
    config: ScrapeConfig,
    { isKnown, isChanged }: { readonly isKnown: boolean; readonly isChanged: boolean },
  ): boolean {
    const written = this.#written.get(job);
    if (written === undefined) return false;
    const { signature } = written;
    // As long as the targets of another configuration are awaited, the former ones stay with theirs.
    if (!isKnown) return written.config === config || signature !== undefined;
    if (written.config !== config || signature === undefined) return false;
    return !isChanged || signature === signatureOf(job, this.parts.allocation);
  }

  async #writeJob(
    job: string,
    config: ScrapeConfig,
    { isKnown, pass }: { readonly isKnown: boolean; readonly pass: RunningPass },
  ): Promise<void> {
    const captured = isKnown ? await this.#captureLive(job, pass) : this.#captureRemembered(job);
    const { parts, signature, asOfMs } = captured;
    const text = `${quote(job)}:${renderScrapeConfig(config, { secrets: 'mask' })}`;
    const hasSecrets = masks.some((mask) => text.includes(mask));
    const content = encodeJob({ job, scrapeConfig: Buffer.from(text), hasSecrets, parts });
    const file = fileOfJob(job);
    pass.writtenBytes += await this.parts.directory.write(file, content);
    if (this.#written.get(job)?.asOfMs !== asOfMs) this.#headOf = undefined;
    this.#written.set(job, { file, config, signature, asOfMs });
  }

  async #captureLive(job: string, pass: RunningPass): Promise<CapturedJob> {
    const { clock, pipeline, withOwners } = this.parts;
    const onSlice = (ms: number): void => {
      pass.workMs += ms;
    };
    const captured = await pipeline.inTurn((allocation) =>
      captureParts(job, allocation, { clock, withOwners, onSlice }),
    );
    return { ...captured, asOfMs: undefined };
  }

  #captureRemembered(job: string): CapturedJob {
    const remembered = this.parts.remembered.job(job);
    return { parts: remembered?.parts, signature: undefined, asOfMs: remembered?.asOfMs };
  }

  /** After the files of new jobs and before those of gone ones go: what the head lists is there. */
  async #writeHead({ configs }: ServedScrapeConfigs, pass: RunningPass): Promise<void> {
    const { directory, clock, state } = this.parts;
    const { collectors } = state.view;
    if (this.#headOf?.configs !== configs || this.#headOf.collectors !== collectors) {
      pass.writtenBytes += await directory.write(HEAD_FILE, encodeHead(this.#headFor(configs)));
      this.#headOf = { configs, collectors };
      await this.#removeGone(configs);
    }
    // All that is known now is in the files.
    if (pass.isComplete) await directory.touch(HEAD_FILE, clock.epochMs());
  }

  #headFor(configs: ServedScrapeConfigs['configs']): SnapshotHead {
    const { state, namespace, strategy } = this.parts;
    const jobs = Array.from(configs.keys(), (job): ListedJob => {
      const { file = fileOfJob(job), asOfMs } = this.#written.get(job) ?? {};
      return { file, asOfMs };
    });
    return { namespace, strategy, collectors: state.view.collectors.map(({ name }) => name), jobs };
  }

  async #removeGone(configs: ServedScrapeConfigs['configs']): Promise<void> {
    const { directory } = this.parts;
    for (const [job, { file }] of this.#written) {
      if (configs.has(job)) continue;
      await directory.remove(file);
      this.#written.delete(job);
    }
    if (!this.#mayHaveStrangers) return;
    const listed = new Set(Array.from(configs.keys(), fileOfJob));
    for (const name of await directory.names()) {
      if (name.startsWith('job-') && !listed.has(name)) await directory.remove(name);
    }
    this.#mayHaveStrangers = false;
  }
}

class RunningPass implements Pass {
  workMs = 0;
  writtenBytes = 0;
  failures = 0;
  /** Every job is as its file says. */
  isComplete = false;
  failure: unknown;

  async attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.failures++;
      this.failure ??= error;
    }
  }
}
