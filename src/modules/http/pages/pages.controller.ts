import { Controller, Get, Header, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { queryPipe } from '../api/query-pipe.js';
import type { FastifyReply, FastifyRequest } from '../fastify-types.js';
import { queryValues } from '../query-values.js';
import { icon, styleSheet } from './assets.js';
import { problemPage } from './layout.js';
import { ListingQuery, ResourcesPageQuery, TargetsPageQuery } from './page.queries.js';
import { sendPage } from './page-sender.js';
import { Pages } from './pages.service.js';

const MAX_UINT64 = 2n ** 64n - 1n;
const ASSET_CACHING = 'public, max-age=300';

/** The pages at the Go allocator's routes, and what they load. */
@ApiExcludeController()
@Controller()
export class PagesController {
  constructor(private readonly pages: Pages) {}

  @Get()
  overview(@Query(queryPipe) query: ListingQuery, @Res() reply: FastifyReply): void {
    sendPage(reply, this.pages.overview(query));
  }

  @Get('debug/jobs')
  jobs(@Query(queryPipe) query: ListingQuery, @Res() reply: FastifyReply): void {
    sendPage(reply, this.pages.jobs(query));
  }

  @Get('debug/job')
  job(
    @Req() request: FastifyRequest,
    @Query(queryPipe) query: ListingQuery,
    @Res() reply: FastifyReply,
  ): void {
    const job = onlyValue(request, 'job_id');
    if (job === undefined) sendBadRequest(reply, 'job_id', '/debug/job?job_id=my-job');
    else sendPage(reply, this.pages.job(job, query));
  }

  @Get('debug/targets')
  targets(@Query(queryPipe) query: TargetsPageQuery, @Res() reply: FastifyReply): void {
    const { q, page, job, collector } = query;
    const unassigned = query.unassigned === 'true';
    sendPage(reply, this.pages.targets({ q, page, job, collector, unassigned }));
  }

  @Get('debug/target')
  target(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const hash = targetHash(onlyValue(request, 'target_hash'));
    if (hash === undefined) {
      sendBadRequest(reply, 'target_hash, a number,', '/debug/target?target_hash=42');
      return;
    }
    const page = this.pages.target(hash);
    if (page === undefined) sendNotFound(reply, 'Target', hash);
    else sendPage(reply, page);
  }

  @Get('debug/collector')
  collector(
    @Req() request: FastifyRequest,
    @Query(queryPipe) query: ListingQuery,
    @Res() reply: FastifyReply,
  ): void {
    const name = onlyValue(request, 'collector_id') ?? '';
    if (name === '') {
      sendBadRequest(reply, 'collector_id', '/debug/collector?collector_id=my-collector-0');
      return;
    }
    const page = this.pages.collector(name, query);
    if (page === undefined) sendNotFound(reply, 'Collector', name);
    else sendPage(reply, page);
  }

  @Get('debug/scrape_configs')
  scrapeConfigs(@Query(queryPipe) query: ListingQuery, @Res() reply: FastifyReply): void {
    sendPage(reply, this.pages.scrapeConfigs(query));
  }

  @Get('debug/resources')
  resources(@Query(queryPipe) query: ResourcesPageQuery, @Res() reply: FastifyReply): void {
    sendPage(reply, this.pages.resources(query));
  }

  @Get('ui/app.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  @Header('Cache-Control', ASSET_CACHING)
  styleSheet(): string {
    return styleSheet;
  }

  @Get('ui/icon.svg')
  @Header('Content-Type', 'image/svg+xml; charset=utf-8')
  @Header('Cache-Control', ASSET_CACHING)
  icon(): string {
    return icon;
  }
}

/** The value of a parameter that is given once. */
function onlyValue(request: FastifyRequest, name: string): string | undefined {
  const [value, ...others] = queryValues(request.url, name);
  return others.length === 0 ? value : undefined;
}

/** An unsigned 64-bit number other than 0, in its shortest form. */
function targetHash(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{1,20}$/.test(text)) return undefined;
  const hash = BigInt(text);
  return hash === 0n || hash > MAX_UINT64 ? undefined : hash.toString();
}

function sendBadRequest(reply: FastifyReply, parameter: string, example: string): void {
  const text = `Expected ${parameter} once in the query string.`;
  sendPage(reply, problemPage('Bad request', text, example), 400);
}

function sendNotFound(reply: FastifyReply, kind: string, name: string): void {
  sendPage(
    reply,
    problemPage(`${kind} not found`, `There is no ${kind.toLowerCase()} ${name}.`),
    404,
  );
}
