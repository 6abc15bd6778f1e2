import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';

import { ConfigService } from '../config/index.js';
import { OtlpExport } from './metrics.js';

/** Exports metrics to whatever readers are configured, from the start to the very end. */
@Injectable()
export class OtlpReaders implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  readonly #unsubscribe: () => void;

  constructor(
    private readonly otlp: OtlpExport,
    private readonly config: ConfigService,
  ) {
    this.#unsubscribe = config.onChange((current) => void otlp.apply(current.metricReaders));
  }

  onApplicationBootstrap(): Promise<void> {
    return this.otlp.apply(this.config.current.metricReaders);
  }

  onModuleDestroy(): void {
    this.#unsubscribe();
  }

  /** After everything else, so that the last export has all of it. */
  onApplicationShutdown(): Promise<void> {
    return this.otlp.close();
  }
}
