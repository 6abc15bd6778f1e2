import type { ScrapeConfig } from '../../plugin-api/index.js';
import type { NetworkPolicy } from '../http-client/index.js';

type NetworkOf = (config: ScrapeConfig) => NetworkPolicy | undefined;
type Configs = ReadonlyMap<string, ScrapeConfig>;

/** What is known of a version of the jobs beside them. */
export interface ApplyOptions {
  /** The jobs to look at, if only because they are gone. @default all of them */
  readonly changed?: Iterable<string>;
  /** What a job's discoveries may not connect to; the same object as long as that stays the same. */
  readonly networkOf?: NetworkOf;
}

/** A version of the jobs that is to be taken over. */
export interface JobsVersion {
  readonly configs: Configs;
  /** The jobs to look at, of this version and of those that it has overtaken. */
  readonly names: ReadonlySet<string>;
  readonly networkOf: NetworkOf;
}

const unrestricted: NetworkOf = () => undefined;

/** The latest version of the jobs. What comes while one is taken over waits, and later versions take the place of those before. */
export class AwaitedJobs {
  #latest: JobsVersion | undefined;
  /** All names of the version that was taken last, so that a version that says nothing of changes covers them. */
  #former: Configs = new Map();

  add(configs: Configs, { changed, networkOf = unrestricted }: ApplyOptions): void {
    const names = changed ?? [...this.#former.keys(), ...configs.keys()];
    this.#latest = {
      configs,
      names: new Set([...(this.#latest?.names ?? []), ...names]),
      networkOf,
    };
  }

  /** The version to be taken over next; `undefined`: none waits. */
  take(): JobsVersion | undefined {
    const latest = this.#latest;
    this.#latest = undefined;
    if (latest !== undefined) this.#former = latest.configs;
    return latest;
  }
}
