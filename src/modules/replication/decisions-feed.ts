import { Readable } from 'node:stream';
import type { Clock } from '../../plugin-api/index.js';
import type { AllocationService } from '../allocation/index.js';
import { decisionAnswer, type FollowerState } from './decisions/decision-answer.js';
import { longestWaitMs } from './decisions/decisions-client.js';
import type { Replica } from './replica.js';

/** Between looks at whether something has changed for followers that wait. */
const lookMs = 50;
/** More replicas than anybody runs; others may ask again. */
const mostWaiting = 64;

/** What followers get of a replica that leads. */
export class DecisionsFeed {
  #waiting = 0;

  constructor(
    private readonly replica: Replica | undefined,
    private readonly allocation: AllocationService,
    private readonly clock: Clock,
  ) {}

  /**
   * Waits until there is something that the follower does not have, or long enough.
   *
   * @returns The answer; a text that says why there is none.
   */
  async answer(
    follower: FollowerState | undefined,
    signal: AbortSignal,
  ): Promise<Readable | string> {
    const { replica } = this;
    if (replica === undefined) return 'this replica takes no part in an election';
    if (this.#waiting >= mostWaiting) return 'too many replicas wait for decisions';
    this.#waiting += 1;
    try {
      const endMs = this.clock.monotonicMs() + longestWaitMs;
      while (replica.isLeading && !signal.aborted && this.#hasAll(replica, follower)) {
        if (this.clock.monotonicMs() >= endMs) break;
        await this.clock.sleep(lookMs, signal);
      }
    } finally {
      this.#waiting -= 1;
    }
    if (!replica.isLeading) return 'this replica does not lead';
    const { owners, view } = this.allocation;
    const lines = decisionAnswer({ epoch: replica.identity, owners, view }, follower);
    return Readable.from(lines, { objectMode: false });
  }

  #hasAll({ identity }: Replica, follower: FollowerState | undefined): boolean {
    const { generation } = this.allocation.owners;
    return follower?.epoch === identity && follower.generation === generation;
  }
}
