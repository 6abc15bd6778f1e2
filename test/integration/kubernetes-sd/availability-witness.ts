import { setTimeout as sleep } from 'node:timers/promises';
import type { Allocator } from '../../fixtures/allocator.js';
import { ServedJobs } from './served-jobs.js';

const pollEveryMs = 200;
/** More of the same tell nothing new. */
const mostViolations = 20;

/**
 * Asks as the collectors do, all the time, and writes down each answer that a fault must not cause: an error, an empty
 * one, a target that is gone although it exists, one that has moved, one that two collectors have.
 */
export class AvailabilityWitness {
  readonly violations: string[] = [];
  polls = 0;
  readonly #served: ServedJobs;
  readonly #stop = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  private constructor(
    private readonly allocator: Allocator,
    /** Owner of each address that exists throughout, by job. */
    private readonly owners: ReadonlyMap<string, ReadonlyMap<string, string>>,
  ) {
    this.#served = new ServedJobs(allocator);
  }

  /** Takes the present owners for those that stay. @throws Error when an address has not exactly one. */
  static async start(
    allocator: Allocator,
    jobs: readonly string[],
    addresses: readonly string[],
  ): Promise<AvailabilityWitness> {
    const served = new ServedJobs(allocator);
    const owners = new Map<string, ReadonlyMap<string, string>>();
    for (const job of jobs) {
      const present = await served.ownersOf(job);
      owners.set(job, new Map(addresses.map((address) => [address, onlyOwner(present, address)])));
    }
    const witness = new AvailabilityWitness(allocator, owners);
    witness.#ended = witness.#run();
    return witness;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#poll();
      this.polls += 1;
      await sleep(pollEveryMs);
    }
  }

  async #poll(): Promise<void> {
    try {
      const ready = await this.allocator.get('/readyz');
      if (ready.status !== 200) this.#note(`/readyz: ${String(ready.status)} ${ready.text}`);
      for (const [job, expected] of this.owners) {
        const present = await this.#served.ownersOf(job);
        for (const [address, owner] of expected) {
          const found = present.get(address) ?? [];
          if (found.length === 1 && found[0] === owner) continue;
          this.#note(`${job} ${address}: of ${owner}, now of ${found.join(' and ') || 'nobody'}`);
        }
      }
    } catch (error) {
      this.#note(String(error));
    }
  }

  #note(violation: string): void {
    if (this.violations.length < mostViolations) {
      this.violations.push(`poll ${String(this.polls)}: ${violation}`);
    }
  }
}

function onlyOwner(owners: ReadonlyMap<string, readonly string[]>, address: string): string {
  const [owner, ...others] = owners.get(address) ?? [];
  if (owner === undefined || others.length > 0) {
    throw new Error(`${address} has ${String(owners.get(address)?.length ?? 0)} owners`);
  }
  return owner;
}
