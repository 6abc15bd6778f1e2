import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller.js';
import { ReadinessRegistry } from './readiness.js';
import { ReadinessService } from './readiness.service.js';

/** The probes. Knows no other module: those that have sources report them to the registry. */
@Module({
  // A probe that fails says why in its answer; a log line for each would drown the others.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [ReadinessRegistry, ReadinessService],
  exports: [ReadinessRegistry, ReadinessService],
})
export class HealthModule {}
