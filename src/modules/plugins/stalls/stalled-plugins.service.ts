import { fileURLToPath } from 'node:url';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Clock, Counter, Logger, Meter } from '../../../plugin-api/index.js';
import { CLOCK, LOGGER, METER } from '../../telemetry/index.js';
import type { InstalledPlugins } from '../installed-plugin.js';
import { INSTALLED_PLUGINS } from '../plugins.tokens.js';
import { KeptThread } from './kept-thread.js';
import { type Stall, watchForStalls } from './stall-thread.js';

/** Answers wait for as long; a slice of the allocator's own work is a tenth of it at most. */
const LIMIT_MS = 250;
const BEAT_MS = 50;

/** Names the plugin that blocks the event loop. Without plugins from packages nothing is watched. */
@Injectable()
export class StalledPlugins implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #beats = new Int32Array(new SharedArrayBuffer(4));
  readonly #logger: Logger;
  readonly #stalls: Counter;
  #thread: KeptThread | undefined;
  #cancel: () => void = () => undefined;

  constructor(
    @Inject(INSTALLED_PLUGINS) private readonly plugins: InstalledPlugins,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) logger: Logger,
    @Inject(METER) meter: Meter,
  ) {
    this.#logger = logger.child('plugins');
    this.#stalls = meter.counter({
      name: 'opentelemetry_allocator_plugin_stalls_total',
      help: 'Number of times that code of a plugin has blocked the event loop for a quarter of a second or longer.',
      labelNames: ['plugin'],
    });
  }

  onApplicationBootstrap(): void {
    if (this.plugins.installed.every((plugin) => plugin.package === undefined)) return;
    const watch = {
      beats: this.#beats,
      limitMs: LIMIT_MS,
      onStall: (stall: Stall) => {
        this.#report(stall);
      },
    };
    this.#thread = new KeptThread(
      () => watchForStalls(watch),
      this.clock,
      (reason, waitMs) => {
        this.#logger.warn('the thread that watches plugins has ended and is started again', {
          reason,
          waitMs,
        });
      },
    );
    this.#beat();
  }

  async onModuleDestroy(): Promise<void> {
    this.#cancel();
    await this.#thread?.stop();
  }

  #beat(): void {
    Atomics.add(this.#beats, 0, 1);
    this.#cancel = this.clock.after(BEAT_MS, () => {
      this.#beat();
    });
  }

  #report({ sinceMs, frames }: Stall): void {
    for (const { url, line } of frames) {
      const plugin = this.#pluginOf(url);
      if (plugin === undefined) continue;
      this.#stalls.add(1, { plugin });
      const at = `${url}:${String(line)}`;
      this.#logger.error('a plugin blocks the event loop', { plugin, at, sinceMs });
      return;
    }
  }

  /** The plugin whose file this is. */
  #pluginOf(url: string): string | undefined {
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    const found = this.plugins.installed.find(
      (installed) =>
        installed.package !== undefined && file.startsWith(`${installed.package.directory}/`),
    );
    return found?.package?.name;
  }
}
