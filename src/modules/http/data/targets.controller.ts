import { BadRequestException, Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ApiJson, ApiText } from '../api/api-docs.js';
import type { Body } from '../bodies/body.js';
import { BodySender } from '../bodies/body-sender.js';
import type { FastifyReply, FastifyRequest } from '../fastify-types.js';
import { queryValues } from '../query-values.js';
import { jobInUrl } from './job-link.js';
import { TargetBodies } from './target-bodies.js';
import { UnknownCollectors } from './unknown-collectors.js';

const targetGroups = {
  type: 'array',
  description: 'HTTP_SD target groups, of one collector.',
  items: {
    type: 'object',
    properties: {
      targets: { type: 'array', items: { type: 'string' } },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
    },
  },
} as const;
const answer = {
  oneOf: [
    targetGroups,
    {
      type: 'object',
      description: 'Of all collectors, by name.',
      additionalProperties: {
        type: 'object',
        properties: { _link: { type: 'string' }, targets: targetGroups },
      },
    },
  ],
};

/** What collectors poll: always JSON, whatever they accept. */
@ApiTags('collectors')
@Controller()
export class TargetsController {
  constructor(
    private readonly bodies: TargetBodies,
    private readonly sender: BodySender,
    private readonly unknownCollectors: UnknownCollectors,
  ) {}

  @Get('jobs/:job_id/targets')
  @ApiOperation({
    summary: 'The targets of a job: of one collector as HTTP_SD, or of all by collector',
  })
  @ApiParam({ name: 'job_id', type: String, description: 'The job, query-escaped: a space is +.' })
  @ApiQuery({
    name: 'collector_id',
    type: String,
    required: false,
    description: 'The first one counts.',
  })
  @ApiJson(answer)
  @ApiText(400, 'The path names no job.')
  @ApiText(503, 'Not known yet.')
  async targets(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { url } = request;
    const job = jobInUrl(url);
    if (job === undefined) {
      throw new BadRequestException('the job in the path is not percent-encoded UTF-8');
    }
    // The first one counts; it may be empty, which names no collector but is not the question for all of them.
    const [collector] = queryValues(url, 'collector_id');
    await this.sender.send(request, reply, this.#bodyFor(job, collector));
  }

  #bodyFor(job: string, collector: string | undefined): Body {
    if (collector === undefined) return this.bodies.ofJob(job);
    const body = this.bodies.ofCollector(job, collector);
    // As long as answers are those of an earlier life, no collector is known yet.
    if (body.asOfMs === undefined) this.unknownCollectors.note(collector);
    return body;
  }
}
