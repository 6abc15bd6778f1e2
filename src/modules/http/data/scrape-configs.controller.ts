import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ConfigService } from '../../config/index.js';
import { ApiJson, ApiText } from '../api/api-docs.js';
import { BodySender } from '../bodies/body-sender.js';
import type { FastifyReply, FastifyRequest } from '../fastify-types.js';
import { sendPage } from '../pages/page-sender.js';
import { Pages } from '../pages/pages.service.js';
import { firstPage } from '../pages/paging.js';
import { prefersHtml } from '../prefers-html.js';
import { ScrapeConfigBodies } from './scrape-config-bodies.js';
import { shownSecrets } from './shown-secrets.js';

@ApiTags('collectors')
@Controller()
export class ScrapeConfigsController {
  constructor(
    private readonly bodies: ScrapeConfigBodies,
    private readonly sender: BodySender,
    private readonly pages: Pages,
    private readonly config: ConfigService,
  ) {}

  @Get('scrape_configs')
  @ApiOperation({
    summary: 'The scrape configs of all jobs, by name, as Prometheus writes them',
    description: 'Secrets are masked, except over TLS.',
  })
  @ApiJson({ type: 'object', additionalProperties: { type: 'object' } }, { orPage: true })
  @ApiText(503, 'Not known yet.')
  async get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (prefersHtml(request)) {
      sendPage(reply, this.pages.scrapeConfigs(firstPage));
      return;
    }
    const secrets = shownSecrets(request.raw, this.config.current.allowInsecureAuthSecrets);
    await this.sender.send(request, reply, this.bodies.get(secrets));
  }
}
