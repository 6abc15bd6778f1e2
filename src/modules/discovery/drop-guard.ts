import type { Clock, TargetGroup } from '../../plugin-api/index.js';

/** Fewer targets come and go without anybody wondering. */
const LEAST_TARGETS = 100;
/** As much of them gone at once is told. */
const LARGE_RATIO = 0.5;

/** Many targets of one provider are gone at once. */
export interface LargeDrop {
  /** How many there were. */
  readonly before: number;
  readonly after: number;
  /** How long it waits at most for its source to say the same once more, in milliseconds; 0: it is obeyed at once. */
  readonly waitMs: number;
}

export interface DropGuardOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** A drop by more than this part of the targets waits. 1: none does. */
  readonly maxRatio: () => number;
  /** How long it waits at most, in milliseconds: not every source says the same twice. */
  readonly waitMs: number;
  readonly pass: (groups: readonly TargetGroup[]) => void;
  readonly onDrop: (drop: LargeDrop) => void;
  /** What became of a drop that had to wait. */
  readonly onWaited: (outcome: 'obeyed' | 'taken back') => void;
}

/**
 * Stands between a provider and who is told of its groups. A source that has lost its mind says "nothing" in the same way
 * as one whose targets are gone; the difference is that the latter says so again when it is asked again. Until then nothing
 * of the provider is passed on, because a part of what it says would be neither what was nor what is.
 */
export class DropGuard {
  /** As they were last passed on. */
  #targets = 0;
  /** By source, what was said since, while a drop waits. */
  #waiting: Map<string, TargetGroup> | undefined;
  #latest = 0;
  #cancelWait: () => void = () => undefined;

  constructor(private readonly options: DropGuardOptions) {}

  /** @param targets How many the provider has with these changes. */
  take(groups: readonly TargetGroup[], targets: number): void {
    const lost = this.#targets - targets;
    const ratio = this.#targets < LEAST_TARGETS ? 0 : lost / this.#targets;
    this.#latest = targets;
    if (this.#waiting !== undefined) {
      for (const group of groups) this.#waiting.set(group.source, group);
      if (ratio <= this.options.maxRatio()) this.#endWait('taken back');
      return;
    }
    const waitMs = ratio > this.options.maxRatio() ? this.options.waitMs : 0;
    if (waitMs > 0 || ratio >= LARGE_RATIO) {
      this.options.onDrop({ before: this.#targets, after: targets, waitMs });
    }
    if (waitMs > 0) this.#wait(groups, waitMs);
    else this.#pass(groups);
  }

  /** What was said last was said once more. */
  confirm(): void {
    if (this.#waiting !== undefined) this.#endWait('obeyed');
  }

  /** Nothing is passed on any more. */
  stop(): void {
    this.#cancelWait();
    this.#waiting = undefined;
  }

  #wait(groups: readonly TargetGroup[], waitMs: number): void {
    this.#waiting = new Map(groups.map((group) => [group.source, group]));
    this.#cancelWait = this.options.clock.after(waitMs, () => {
      this.#endWait('obeyed');
    });
  }

  #endWait(outcome: 'obeyed' | 'taken back'): void {
    this.#cancelWait();
    const waited = [...(this.#waiting?.values() ?? [])];
    this.#waiting = undefined;
    this.options.onWaited(outcome);
    this.#pass(waited);
  }

  #pass(groups: readonly TargetGroup[]): void {
    this.#targets = this.#latest;
    this.options.pass(groups);
  }
}
