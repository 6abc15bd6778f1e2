import type { Allocator } from '../../fixtures/allocator.js';
import { targetLine } from './fresh-list.js';

interface Group {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Enough of them that each one always has targets of a job of forty. */
export const collectorNames = ['c-0', 'c-1', 'c-2'] as const;

/** What the allocator answers to its collectors. */
export class ServedJobs {
  constructor(private readonly allocator: Allocator) {}

  /** @throws Error for anything but an answer with groups: an empty one is as bad as none. */
  async groupsOf(job: string, collector: string): Promise<readonly Group[]> {
    const answer = await this.allocator.get(`/jobs/${job}/targets?collector_id=${collector}`);
    const what = `${job} of ${collector}: ${String(answer.status)} ${answer.text.slice(0, 200)}`;
    if (answer.status !== 200) throw new Error(what);
    const groups = JSON.parse(answer.text) as readonly Group[];
    if (groups.length === 0) throw new Error(`empty: ${what}`);
    return groups;
  }

  /** All targets of a job, of all collectors, as lines to compare with a fresh list. */
  async linesOf(job: string): Promise<readonly string[]> {
    const lines: string[] = [];
    for (const collector of collectorNames) {
      for (const { targets, labels } of await this.groupsOf(job, collector)) {
        for (const address of targets) lines.push(targetLine(address, labels));
      }
    }
    return lines.toSorted();
  }

  /** Who has which address of a job. */
  async ownersOf(job: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const owners = new Map<string, string[]>();
    for (const collector of collectorNames) {
      for (const { targets } of await this.groupsOf(job, collector)) {
        for (const address of targets) {
          const known = owners.get(address);
          if (known === undefined) owners.set(address, [collector]);
          else known.push(collector);
        }
      }
    }
    return owners;
  }
}
