import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { AllocationModule } from '../allocation/index.js';
import { TargetsModule } from '../targets/index.js';
import { KeptStateMetrics } from './kept-state-metrics.js';
import { RememberedAnswers } from './remembered-answers.js';
import { RememberedState } from './remembered-state.js';
import { StaleAnswers } from './stale-answers.js';
import { KeepingTools, KeptState, WarmStartService } from './warm-start.service.js';

/** What is served outlives the process: in a directory, for the next start. */
@Module({})
export class WarmStartModule {
  /** @param served The module that exports the {@link ServedState} that requests are answered from. */
  static register(...served: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return {
      module: WarmStartModule,
      // Targets have a served state, too, of which less may be told; what comes first is found first.
      imports: [...served, AllocationModule, TargetsModule],
      providers: [
        KeepingTools,
        KeptState,
        KeptStateMetrics,
        RememberedState,
        WarmStartService,
        { provide: StaleAnswers, useClass: RememberedAnswers },
      ],
      exports: [StaleAnswers],
    };
  }
}
