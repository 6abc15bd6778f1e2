import { type DynamicModule, Global, Module } from '@nestjs/common';

import { ConfigService } from './config.service.js';

/** The configuration for everyone. It is read before the application is made, because that depends on it. */
@Global()
@Module({})
export class ConfigModule {
  static forRoot(config: ConfigService): DynamicModule {
    return {
      module: ConfigModule,
      providers: [{ provide: ConfigService, useValue: config }],
      exports: [ConfigService],
    };
  }
}
