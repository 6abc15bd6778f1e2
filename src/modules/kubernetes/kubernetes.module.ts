import { Module } from '@nestjs/common';
import { HealthModule } from '../health/index.js';
import { KubernetesService } from './kubernetes.service.js';
import { KubernetesReadiness } from './kubernetes-readiness.js';

/** Access to Kubernetes API servers. */
@Module({
  imports: [HealthModule],
  providers: [KubernetesService, KubernetesReadiness],
  exports: [KubernetesService],
})
export class KubernetesModule {}
