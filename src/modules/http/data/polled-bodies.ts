import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { ConfigService } from '../../config/index.js';
import type { Body } from '../bodies/body.js';
import { prefersHtml } from '../prefers-html.js';
import { jobInUrl } from './job-link.js';
import { ScrapeConfigBodies } from './scrape-config-bodies.js';
import { shownSecrets } from './shown-secrets.js';
import { TargetBodies } from './target-bodies.js';

/** What a route would answer with. */
export interface PolledBody {
  /** The pattern of the route's path. */
  readonly route: string;
  readonly body: Body;
  /** Whose targets are asked for. */
  readonly collector?: string;
}

/**
 * The way in which collectors ask for their targets of a job. A collector's name that is encoded, or a query with more in
 * it, is left to the route.
 */
const targetsOfCollector = /^\/jobs\/[^/?#]+\/targets\?collector_id=([\w.~-]+)$/;

/** Finds what is polled by the URLs that collectors use, as the routes of the controllers do for all URLs. */
@Injectable()
export class PolledBodies {
  constructor(
    private readonly targets: TargetBodies,
    private readonly scrapeConfigs: ScrapeConfigBodies,
    private readonly config: ConfigService,
  ) {}

  /** @returns `undefined`: only a route knows. @throws NotKnownYetError */
  find(request: IncomingMessage): PolledBody | undefined {
    const { method, url = '' } = request;
    if (method !== 'GET') return undefined;
    if (url === '/scrape_configs') return this.#scrapeConfigs(request);
    const collector = targetsOfCollector.exec(url)?.[1];
    const job = collector === undefined ? undefined : jobInUrl(url);
    if (collector === undefined || job === undefined) return undefined;
    const body = this.targets.ofCollector(job, collector);
    if (body.asOfMs !== undefined) return undefined;
    return { route: '/jobs/:job_id/targets', body, collector };
  }

  #scrapeConfigs(request: IncomingMessage): PolledBody | undefined {
    if (prefersHtml(request)) return undefined;
    const secrets = shownSecrets(request, this.config.current.allowInsecureAuthSecrets);
    return { route: '/scrape_configs', body: this.scrapeConfigs.get(secrets) };
  }
}
