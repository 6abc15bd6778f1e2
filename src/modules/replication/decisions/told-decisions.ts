import type { DecidedTargets } from '../../../core/allocation/decisions.js';
import { DecisionsAnswerError } from '../replication.errors.js';
import type { DecisionLine, JobLine } from './decision-lines.js';

/** One job as an answer tells it. */
export interface ToldJob {
  /** Every collector that has targets of the job, and how many. */
  readonly collectors: ReadonlyMap<string, number>;
  /** Those of them whose targets have changed. */
  readonly parts: ReadonlyMap<string, DecidedTargets>;
}

/** An answer of the leader, read to its end. */
export interface ToldDecisions {
  readonly epoch: string;
  readonly generation: number;
  readonly isWhole: boolean;
  readonly jobs: ReadonlyMap<string, ToldJob>;
}

interface OpenJob {
  readonly line: JobLine;
  readonly parts: Map<string, DecidedTargets[]>;
}

/** Puts the lines of an answer together; only a whole one is given out. */
export class DecisionsReader {
  #begin: Omit<ToldDecisions, 'jobs'> | undefined;
  readonly #jobs = new Map<string, ToldJob>();
  #open: OpenJob | undefined;
  #isEnded = false;

  /** @throws DecisionsAnswerError when the line is not one that may come here. */
  push(line: DecisionLine): void {
    if (this.#isEnded) throw new DecisionsAnswerError('it goes on after its end');
    if ((this.#begin === undefined) !== (line.kind === 'begin')) {
      throw new DecisionsAnswerError('it does not begin with its first line');
    }
    switch (line.kind) {
      case 'begin':
        this.#begin = line;
        break;
      case 'job':
        this.#closeJob();
        this.#open = { line, parts: new Map() };
        break;
      case 'part':
        this.#add(line.collector, line);
        break;
      case 'end':
        this.#closeJob();
        if (line.jobs !== this.#jobs.size) throw new DecisionsAnswerError('jobs are missing');
        this.#isEnded = true;
    }
  }

  /** @throws DecisionsAnswerError when the answer was cut off. */
  end(): ToldDecisions {
    if (this.#begin === undefined || !this.#isEnded)
      throw new DecisionsAnswerError('it was cut off');
    const { epoch, generation, isWhole } = this.#begin;
    return { epoch, generation, isWhole, jobs: this.#jobs };
  }

  #add(collector: string, targets: DecidedTargets): void {
    if (this.#open?.line.collectors.has(collector) !== true) {
      throw new DecisionsAnswerError('targets of a collector that the job does not name');
    }
    const { parts } = this.#open;
    const pieces = parts.get(collector) ?? [];
    pieces.push(targets);
    parts.set(collector, pieces);
  }

  #closeJob(): void {
    if (this.#open === undefined) return;
    const { line, parts } = this.#open;
    const whole = new Map<string, DecidedTargets>();
    for (const [collector, pieces] of parts) {
      const part = { high: joined(pieces, 'high'), low: joined(pieces, 'low') };
      if (part.high.length !== line.collectors.get(collector)) {
        throw new DecisionsAnswerError('a collector has another number of targets than is said');
      }
      whole.set(collector, part);
    }
    this.#jobs.set(line.job, { collectors: line.collectors, parts: whole });
    this.#open = undefined;
  }
}

function joined(pieces: readonly DecidedTargets[], half: 'high' | 'low'): Int32Array {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only[half];
  const whole = new Int32Array(pieces.reduce((sum, piece) => sum + piece[half].length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece[half], at);
    at += piece[half].length;
  }
  return whole;
}
