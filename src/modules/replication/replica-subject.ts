import { Inject, Injectable } from '@nestjs/common';
import type { Clock, Logger, Meter } from '../../plugin-api/index.js';
import { AllocationService, ServedState } from '../allocation/index.js';
import { ConfigService } from '../config/index.js';
import { TargetPipeline } from '../targets/index.js';
import { CLOCK, LOGGER, METER } from '../telemetry/index.js';

/** What replicas agree about. */
@Injectable()
export class ReplicaSubject {
  constructor(
    readonly pipeline: TargetPipeline,
    readonly allocation: AllocationService,
    /** As this process alone would serve it. */
    readonly state: ServedState,
  ) {}
}

/** What a replica works with. */
@Injectable()
export class ReplicaTools {
  readonly logger: Logger;

  constructor(
    readonly config: ConfigService,
    @Inject(CLOCK) readonly clock: Clock,
    @Inject(METER) readonly meter: Meter,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.logger = logger.child('replication');
  }
}
