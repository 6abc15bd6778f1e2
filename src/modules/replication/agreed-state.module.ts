import { type DynamicModule, Module } from '@nestjs/common';
import { ServedState } from '../allocation/index.js';
import { AgreedState } from './agreed-state.js';

/** What may be served, for those who answer requests. */
@Module({})
export class AgreedStateModule {
  /** @param replication The module of this process' replica. */
  static register(replication: DynamicModule): DynamicModule {
    return {
      module: AgreedStateModule,
      imports: [replication],
      providers: [{ provide: ServedState, useClass: AgreedState }],
      exports: [ServedState],
    };
  }
}
