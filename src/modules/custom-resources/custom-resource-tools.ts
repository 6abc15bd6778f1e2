import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../plugin-api/index.js';
import { KubernetesService } from '../kubernetes/index.js';
import { CLOCK } from '../telemetry/index.js';
import { ResourceConverter } from './resource-converter.js';
import { ResourceReports } from './resource-reports.js';

/** What all sources of custom resources work with. */
@Injectable()
export class CustomResourceTools {
  constructor(
    @Inject(KubernetesService)
    readonly kubernetes: Pick<KubernetesService, 'informer' | 'isConfigured'>,
    readonly converter: ResourceConverter,
    readonly reports: ResourceReports,
    @Inject(CLOCK) readonly clock: Clock,
  ) {}
}
