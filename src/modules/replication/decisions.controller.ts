import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Readable } from 'node:stream';
import type { FollowerState } from './decisions/decision-answer.js';
import { DecisionsFeed } from './decisions-feed.js';

/** What is used of Fastify's reply. */
interface Reply {
  readonly raw: { once(event: 'close', action: () => void): unknown };
  status(code: number): Reply;
  header(name: string, value: string): Reply;
  send(body: Readable | string): unknown;
}

const text = { 'text/plain': { schema: { type: 'string' } } } as const;
const lines = { 'application/x-ndjson': { schema: { type: 'string' } } } as const;

/** What the replicas that follow ask the one that leads. */
@ApiTags('replicas')
@Controller('api/v1')
export class DecisionsController {
  constructor(private readonly feed: DecisionsFeed) {}

  @Get('decisions')
  @ApiOperation({ summary: 'Which collector gets which target, for replicas that follow this one' })
  @ApiQuery({ name: 'epoch', type: String, required: false, description: 'Of the last answer.' })
  @ApiQuery({ name: 'since', type: String, required: false, description: 'Its generation.' })
  @ApiResponse({ status: 200, description: 'What has changed since, or all.', content: lines })
  @ApiResponse({ status: 503, description: 'This replica does not lead.', content: text })
  async decisions(
    @Query('epoch') epoch: unknown,
    @Query('since') since: unknown,
    @Res() reply: Reply,
  ): Promise<void> {
    const gone = new AbortController();
    reply.raw.once('close', () => {
      gone.abort();
    });
    const answer = await this.feed.answer(followerState(epoch, since), gone.signal);
    const isText = typeof answer === 'string';
    void reply
      .status(isText ? 503 : 200)
      .header('Content-Type', isText ? 'text/plain; charset=utf-8' : 'application/x-ndjson')
      .header('Cache-Control', 'no-store')
      .send(isText ? `${answer}\n` : answer);
  }
}

/** What cannot be read is an answer that nobody has: all is told. */
function followerState(epoch: unknown, since: unknown): FollowerState | undefined {
  if (typeof epoch !== 'string' || typeof since !== 'string') return undefined;
  return /^\d{1,15}$/.test(since) ? { epoch, generation: Number(since) } : undefined;
}
