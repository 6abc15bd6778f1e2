import { Inject, Injectable } from '@nestjs/common';
import type { AllocationView } from '../../core/allocation/allocation-view.js';
import { ServedState } from '../allocation/index.js';
import type { ServedScrapeConfigs } from '../watchers/index.js';
import { ReplicaLifecycle } from './replica-lifecycle.js';
import { OWN_STATE } from './replication.tokens.js';

/** What one of several replicas may serve: nothing before it is known who decides. */
@Injectable()
export class AgreedState extends ServedState {
  constructor(
    @Inject(OWN_STATE) private readonly own: ServedState,
    private readonly replica: ReplicaLifecycle,
  ) {
    super();
  }

  get view(): AllocationView {
    return this.own.view;
  }

  get scrapeConfigs(): ServedScrapeConfigs | undefined {
    return this.own.scrapeConfigs;
  }

  whyUnknown(job?: string): string | undefined {
    return this.own.whyUnknown(job) ?? this.replica.whyUndecided();
  }

  unknownJobs(): ReadonlySet<string> | undefined {
    return this.replica.whyUndecided() === undefined ? this.own.unknownJobs() : undefined;
  }
}
