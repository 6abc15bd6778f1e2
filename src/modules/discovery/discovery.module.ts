import { Module } from '@nestjs/common';
import { HealthModule } from '../health/index.js';
import { DiscoveryManager } from './discovery-manager.js';
import { DropLimit } from './drop-limit.service.js';

/** Which targets there are: one provider for each distinct service discovery configuration. */
@Module({
  imports: [HealthModule],
  providers: [DiscoveryManager, DropLimit],
  exports: [DiscoveryManager],
})
export class DiscoveryModule {}
