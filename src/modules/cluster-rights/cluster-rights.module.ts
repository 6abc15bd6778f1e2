import { Module } from '@nestjs/common';
import { HealthModule } from '../health/index.js';
import { KubernetesModule } from '../kubernetes/index.js';
import { AccessReports } from './access-reports.js';
import { AccessReviewService } from './access-review.service.js';
import { AccessReviewer } from './access-reviewer.js';

/** Which rights the configuration needs in the cluster, and which of them are missing. */
@Module({
  imports: [HealthModule, KubernetesModule],
  providers: [AccessReports, AccessReviewer, AccessReviewService],
})
export class ClusterRightsModule {}
