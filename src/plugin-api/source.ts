import type { Collector } from '../core/allocation/collector.js';
import type { ScrapeConfig } from '../core/scrape-config/model.js';
import type { TargetGroup } from '../core/target/target-group.js';

/**
 * Something that watches the outside world and says what is. The host supervises it: it is started once, stopped by the
 * signal, and started again with jittered back-off when it rejects, while its last emitted state stays in force.
 */
export interface Source<T> {
  /**
   * Emit the full state first. Resolve only after `signal` aborts, and never emit afterwards. A rejection is a crash.
   *
   * @param emit Takes the state; see the kind of source for what a value means.
   * @param signal Aborts when the source must stop.
   */
  run(emit: (value: T) => void, signal: AbortSignal): Promise<void>;
}

/**
 * Emits changed target groups; a group without targets is a deletion. The first emission is the full set. A later one
 * without any group says that the source has looked again and found what it had told.
 */
export type ServiceDiscovery = Source<readonly TargetGroup[]>;

/** Emits always the full list of this source. */
export type ScrapeConfigSource = Source<readonly ScrapeConfig[]>;

/** Emits always the full list of collectors. */
export type CollectorSource = Source<readonly Collector[]>;
