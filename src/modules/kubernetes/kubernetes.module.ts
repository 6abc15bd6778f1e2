import { Module } from '@nestjs/common';
import { KubernetesService } from './kubernetes.service.js';

/** Access to Kubernetes API servers. */
@Module({ providers: [KubernetesService], exports: [KubernetesService] })
export class KubernetesModule {}
