import { Injectable } from '@nestjs/common';
import type { ScrapeConfig, ScrapeConfigSource } from '../../plugin-api/index.js';
import type { AllocatorConfig } from '../config/index.js';
import { KubernetesService } from '../kubernetes/index.js';
import { PluginHost, PluginRegistry, type RunningSource } from '../plugins/index.js';
import { customResourceWatchers } from './custom-resource-watchers.js';
import { watchersOfPlugins } from './watcher-names.js';

/** A definition of kind `scrape-configs` that runs, and what it is made with. */
export interface Watcher {
  /** The definition, which also names the source. */
  readonly name: string;
  readonly options: unknown;
}

/** Makes the sources of watchers, and runs them. */
@Injectable()
export class WatcherSources {
  constructor(
    private readonly host: PluginHost,
    private readonly registry: PluginRegistry,
    private readonly kubernetes: KubernetesService,
  ) {}

  /** What the configuration asks for: the built-in watchers by `prometheus_cr`, those of plugins by being listed. */
  wanted(config: AllocatorConfig): readonly Watcher[] {
    return [
      ...customResourceWatchers(config, this.kubernetes.kubeconfigFile),
      ...this.#watchersOfPlugins(),
    ];
  }

  /** @throws UnknownPluginError, PluginOptionsError */
  make({ name, options }: Watcher): Promise<ScrapeConfigSource> {
    return this.host.make(this.host.definition('scrape-configs', name), options);
  }

  run(
    name: string,
    source: ScrapeConfigSource,
    options: {
      readonly emit: (configs: readonly ScrapeConfig[]) => void;
      readonly signal: AbortSignal;
    },
  ): RunningSource {
    return this.host.run(source, { name: `scrape-configs/${name}`, ...options });
  }

  #watchersOfPlugins(): readonly Watcher[] {
    return watchersOfPlugins(this.registry).map((name) => ({
      name,
      options: this.registry.optionsOf({ kind: 'scrape-configs', name }),
    }));
  }
}
