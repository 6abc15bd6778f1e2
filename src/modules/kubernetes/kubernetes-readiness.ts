import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ReadinessRegistry } from '../health/index.js';
import { KubernetesService } from './kubernetes.service.js';
import { serverReadiness } from './server-readiness.js';

/** Reports to readiness how the API servers in use fare. */
@Injectable()
export class KubernetesReadiness implements OnModuleInit, OnModuleDestroy {
  #unregister: (() => void) | undefined;

  constructor(
    private readonly kubernetes: KubernetesService,
    private readonly registry: ReadinessRegistry,
  ) {}

  onModuleInit(): void {
    this.#unregister = this.registry.register(() =>
      this.kubernetes.servers().flatMap((server) => [...serverReadiness(server)]),
    );
  }

  onModuleDestroy(): void {
    this.#unregister?.();
  }
}
