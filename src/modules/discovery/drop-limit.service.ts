import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ConfigService } from '../config/index.js';
import { DiscoveryManager } from './discovery-manager.js';

/** Tells the manager which drops of targets have to wait, whenever the configuration says another part. */
@Injectable()
export class DropLimit implements OnModuleDestroy {
  readonly #unsubscribe: () => void;

  constructor(config: ConfigService, manager: DiscoveryManager) {
    manager.limitDrops(config.current.discovery.maxDropRatio);
    this.#unsubscribe = config.onChange(({ discovery }) => {
      manager.limitDrops(discovery.maxDropRatio);
    });
  }

  onModuleDestroy(): void {
    this.#unsubscribe();
  }
}
