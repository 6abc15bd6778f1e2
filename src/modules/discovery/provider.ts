import { sizeOf } from '../../core/target/column-group.js';
import type { ServiceDiscovery, TargetGroup } from '../../plugin-api/index.js';
import { deletionOf } from '../../plugin-api/index.js';
import type { SourceStatus } from '../health/index.js';
import { messageOf, type PluginHost, type RunningSource } from '../plugins/index.js';
import type { SdConfig } from './sd-config.js';

/** What a provider tells. */
export interface ProviderListener {
  /** Changed groups; none at all with a first answer of "none". */
  readonly onGroups: (provider: Provider, groups: readonly TargetGroup[]) => void;
  /** It has looked again and found what it had told. */
  readonly onSame: (provider: Provider) => void;
  /** It could not be made and will never answer. */
  readonly onFailure: (provider: Provider, error: string) => void;
}

/** One running service discovery, for all jobs that have it configured. */
export class Provider {
  readonly #host: PluginHost;
  readonly #listener: ProviderListener;
  readonly #stop = new AbortController();
  /** Targets of each group, which also tells what is gone when the source has started again. */
  readonly #sizes = new Map<string, number>();
  #source: RunningSource | undefined;
  #made: Promise<void> = Promise.resolve();
  #hasGroups = false;
  #failure: string | undefined;
  #targets = 0;

  /** @param key Names it for the sink; never used again after its end. */
  constructor(
    readonly key: string,
    readonly sd: SdConfig,
    host: PluginHost,
    listener: ProviderListener,
  ) {
    this.#host = host;
    this.#listener = listener;
  }

  /** Its first groups are known, or it has proven that they never will be. */
  get isAnswered(): boolean {
    return this.#hasGroups || this.#failure !== undefined;
  }

  /** Why it could not be made. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** How many targets its groups have at the moment. */
  get targets(): number {
    return this.#targets;
  }

  /** @param instance The job that it is made for first; names its logger and metrics. */
  start(instance: string): void {
    this.#made = this.#make(instance);
  }

  /** Resolves when the source has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#made;
    await this.#source?.ended;
  }

  status(): SourceStatus {
    if (this.#failure !== undefined) {
      return { answered: true, detail: `cannot be started: ${this.#failure}` };
    }
    const error = this.#source?.state().lastError;
    const detail = this.#hasGroups ? `${String(this.#targets)} targets` : 'no answer yet';
    return {
      answered: this.#hasGroups,
      detail: error === undefined ? detail : `${detail}, crashed: ${error}`,
    };
  }

  async #make(instance: string): Promise<void> {
    const { config, mechanism, network } = this.sd;
    const { signal } = this.#stop;
    try {
      const definition = this.#host.definition('discovery', mechanism);
      const source = await this.#host.make<ServiceDiscovery>(definition, config, instance, network);
      if (signal.aborted) return;
      this.#source = this.#host.run(source, {
        name: `discovery/${mechanism}:${instance}`,
        signal,
        emit: (groups, isFirstSinceStart) => {
          this.#take(isFirstSinceStart ? this.#withDeletions(groups) : groups);
        },
      });
    } catch (error) {
      if (signal.aborted) return;
      this.#failure = messageOf(error);
      this.#listener.onFailure(this, this.#failure);
    }
  }

  #take(groups: readonly TargetGroup[]): void {
    if (groups.length === 0 && this.#hasGroups) {
      this.#listener.onSame(this);
      return;
    }
    for (const group of groups) {
      const { source } = group;
      const targets = sizeOf(group);
      this.#targets += targets - (this.#sizes.get(source) ?? 0);
      if (targets > 0) this.#sizes.set(source, targets);
      else this.#sizes.delete(source);
    }
    this.#hasGroups = true;
    this.#listener.onGroups(this, groups);
  }

  /** A source that has crashed cannot say what went away meanwhile: its first set since is the whole. */
  #withDeletions(groups: readonly TargetGroup[]): readonly TargetGroup[] {
    if (this.#sizes.size === 0) return groups;
    const present = new Set(groups.map(({ source }) => source));
    const gone = [...this.#sizes.keys()].filter((source) => !present.has(source));
    return [...groups, ...gone.map(deletionOf)];
  }
}
