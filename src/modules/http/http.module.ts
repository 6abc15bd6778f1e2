import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { HealthModule } from '../health/index.js';
import { Answers } from './answers.js';
import { ApiController } from './api/api.controller.js';
import { OpenApiController, OpenApiDocument } from './api/openapi.js';
import { PluginsController } from './api/plugins.controller.js';
import { ResourcesController } from './api/resources.controller.js';
import { StatusService } from './api/status.service.js';
import { BodySender } from './bodies/body-sender.js';
import { EntityTags } from './bodies/entity-tags.js';
import { JobsController } from './data/jobs.controller.js';
import { MetricsController } from './data/metrics.controller.js';
import { PolledBodies } from './data/polled-bodies.js';
import { ScrapeConfigBodies } from './data/scrape-config-bodies.js';
import { ScrapeConfigsController } from './data/scrape-configs.controller.js';
import { TargetBodies } from './data/target-bodies.js';
import { TargetsController } from './data/targets.controller.js';
import { UnknownCollectors } from './data/unknown-collectors.js';
import { APP_VERSION } from './http.tokens.js';
import { PagesController } from './pages/pages.controller.js';
import { Pages } from './pages/pages.service.js';
import { ServedStateReadiness } from './served-state-readiness.js';
import { HttpObserver } from './server/http-observer.js';
import { LastAnswers } from './server/last-answers.js';
import { PlainTextErrorsFilter } from './server/plain-text-errors.filter.js';
import { PolledRoutes } from './server/polled-routes.js';

export interface HttpModuleOptions {
  /** The modules that export {@link ServedState}, {@link StaleAnswers} and {@link ResourceStatuses}. */
  readonly imports: NonNullable<ModuleMetadata['imports']>;
  /** This program's version. */
  readonly version: string;
}

/** All routes. Reads the state that others keep, and computes nothing of it. */
@Module({})
export class HttpModule {
  static register({ imports, version }: HttpModuleOptions): DynamicModule {
    return {
      module: HttpModule,
      imports: [HealthModule, ...imports],
      controllers: [
        ScrapeConfigsController,
        JobsController,
        TargetsController,
        MetricsController,
        ApiController,
        PluginsController,
        ResourcesController,
        OpenApiController,
        PagesController,
      ],
      providers: [
        Answers,
        { provide: APP_VERSION, useValue: version },
        { provide: APP_FILTER, useClass: PlainTextErrorsFilter },
        BodySender,
        EntityTags,
        HttpObserver,
        LastAnswers,
        OpenApiDocument,
        Pages,
        PolledBodies,
        PolledRoutes,
        ScrapeConfigBodies,
        ServedStateReadiness,
        StatusService,
        TargetBodies,
        UnknownCollectors,
      ],
    };
  }
}
