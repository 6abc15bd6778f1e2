import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiText } from '../api/api-docs.js';
import { MetricsText } from '../../telemetry/index.js';
import type { FastifyReply } from '../fastify-types.js';

@ApiTags('operators')
@Controller()
export class MetricsController {
  constructor(private readonly metrics: MetricsText) {}

  @Get('metrics')
  @ApiOperation({ summary: "The allocator's own metrics in the Prometheus text format" })
  @ApiText(200, 'Prometheus text format.')
  async get(@Res() reply: FastifyReply): Promise<void> {
    const { contentType, body } = await this.metrics.text();
    void reply.header('Content-Type', contentType).header('Cache-Control', 'no-store').send(body);
  }
}
