import {
  Controller,
  Get,
  Header,
  HttpStatus,
  Query,
  Res,
  ServiceUnavailableException,
} from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
} from '@nestjs/terminus';
import { type Readiness, ReadinessService, type Verdict } from './readiness.service.js';

interface StatusReply {
  status(code: number): unknown;
}

const TEXT = 'text/plain; charset=utf-8';
const content = { 'text/plain': { schema: { type: 'string' } } };
/** What the indicator of the verdict is called. */
const VERDICT = 'allocator';

/** The probes of Kubernetes: plain text, as a person with `curl` wants it. */
@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly readiness: ReadinessService,
  ) {}

  @Get('livez')
  @Header('Content-Type', TEXT)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Whether the process answers at all' })
  @ApiResponse({ status: 200, description: 'It does.', content })
  async livez(): Promise<string> {
    await this.health.check([]);
    return 'ok\n';
  }

  @Get('readyz')
  @Header('Content-Type', TEXT)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Whether every source has answered, so that collectors can rely on it' })
  @ApiQuery({
    name: 'verbose',
    type: String,
    required: false,
    description: 'Name each source and its state.',
  })
  @ApiResponse({ status: 200, description: 'Ready.', content })
  @ApiResponse({ status: 503, description: 'Not ready; the text says what is awaited.', content })
  async readyz(
    @Query('verbose') verbose: unknown,
    @Res({ passthrough: true }) reply: StatusReply,
  ): Promise<string> {
    const readiness = verbose === undefined ? undefined : this.readiness.check();
    const verdict = readiness ?? this.readiness.verdict();
    const { status } = await this.#statusOf(verdict);
    if (status !== 'ok') reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return readiness === undefined ? brief(verdict) : detailed(readiness);
  }

  /** One indicator for all sources: there may be thousands, and what they say is in the verdict. */
  async #statusOf({ ready, reason }: Verdict): Promise<Pick<HealthCheckResult, 'status'>> {
    const verdict = this.indicators.check(VERDICT);
    try {
      return await this.health.check([
        () => (ready ? verdict.up() : verdict.down(reason ?? 'not ready')),
      ]);
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return { status: 'error' };
      throw error;
    }
  }
}

function brief({ reason }: Verdict): string {
  return reason === undefined ? 'ok\n' : `not ready, ${reason}\n`;
}

function detailed(readiness: Readiness): string {
  const lines = readiness.sources.map(
    ({ name, state, detail }) => `[${state === 'ok' ? '+' : '-'}] ${name} ${state} (${detail})\n`,
  );
  return `${lines.join('')}${brief(readiness)}`;
}
