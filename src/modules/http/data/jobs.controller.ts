import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiJson, ApiText } from '../api/api-docs.js';
import { BodySender } from '../bodies/body-sender.js';
import type { FastifyReply, FastifyRequest } from '../fastify-types.js';
import { sendPage } from '../pages/page-sender.js';
import { Pages } from '../pages/pages.service.js';
import { firstPage } from '../pages/paging.js';
import { prefersHtml } from '../prefers-html.js';
import { TargetBodies } from './target-bodies.js';

const link = { type: 'object', properties: { _link: { type: 'string' } } } as const;

@ApiTags('collectors')
@Controller()
export class JobsController {
  constructor(
    private readonly bodies: TargetBodies,
    private readonly sender: BodySender,
    private readonly pages: Pages,
  ) {}

  @Get('jobs')
  @ApiOperation({ summary: 'The jobs that have targets, each with a link to them' })
  @ApiJson({ type: 'object', additionalProperties: link }, { orPage: true })
  @ApiText(503, 'Not known yet.')
  async jobs(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // Asked for in either case, so that the page too is refused as long as the jobs are not known.
    const body = this.bodies.list();
    if (prefersHtml(request)) sendPage(reply, this.pages.jobs(firstPage));
    else await this.sender.send(request, reply, body);
  }
}
