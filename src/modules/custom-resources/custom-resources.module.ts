import { Module } from '@nestjs/common';
import { KubernetesModule } from '../kubernetes/index.js';
import { CustomResourceMetrics } from './custom-resource-metrics.js';
import { CustomResourceTools } from './custom-resource-tools.js';
import { CustomResourcesService } from './custom-resources.service.js';
import { ResourceEvents } from './events/resource-events.service.js';
import { KubernetesReferencedValues } from './references/kubernetes-referenced-values.js';
import { referencedValuesProviders } from './references/referenced-values.provider.js';
import { ResourceConverter } from './resource-converter.js';
import { ResourceReports } from './resource-reports.js';
import { ResourceStatuses } from './resource-statuses.js';

/** Custom resources that describe what to scrape: watched, selected, converted and checked. */
@Module({
  imports: [KubernetesModule],
  providers: [
    CustomResourcesService,
    CustomResourceMetrics,
    CustomResourceTools,
    ResourceConverter,
    ResourceEvents,
    ResourceReports,
    ResourceStatuses,
    ...referencedValuesProviders,
  ],
  exports: [CustomResourcesService, KubernetesReferencedValues, ResourceStatuses],
})
export class CustomResourcesModule {}
