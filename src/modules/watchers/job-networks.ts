import type { ScrapeConfig } from '../../core/scrape-config/model.js';
import { NetworkPolicy } from '../http-client/index.js';

/**
 * Which networks the discoveries of a job may not reach. Who writes the configuration file may send the allocator
 * anywhere; who may write a custom resource need not be allowed to reach what the allocator's host can.
 */
export class JobNetworks {
  /** The file's jobs. Objects, not names: the last good version of a job may be of another origin than its present one. */
  readonly #free = new WeakSet<ScrapeConfig>();
  #policy: NetworkPolicy | undefined;

  /** Takes the jobs of the configuration file. */
  free(configs: readonly ScrapeConfig[]): void {
    for (const config of configs) this.#free.add(config);
  }

  /**
   * Takes the networks that all other jobs may not reach.
   *
   * @returns Whether they are others than before.
   */
  deny(networks: readonly string[]): boolean {
    const policy = networks.length === 0 ? undefined : new NetworkPolicy(networks);
    // What is denied as before keeps its object, so that discoveries can tell that nothing has changed.
    if (policy?.identity === this.#policy?.identity) return false;
    this.#policy = policy;
    return true;
  }

  /** `undefined`: it may reach everything. */
  of(config: ScrapeConfig): NetworkPolicy | undefined {
    return this.#free.has(config) ? undefined : this.#policy;
  }
}
