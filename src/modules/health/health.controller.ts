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
  type HealthIndicatorFunction,
} from '@nestjs/terminus';
import { type Readiness, ReadinessService } from './readiness.service.js';

interface StatusReply {
  status(code: number): unknown;
}

const TEXT = 'text/plain; charset=utf-8';
const content = { 'text/plain': { schema: { type: 'string' } } };
/** Stands for the verdict as a whole among the indicators; sources are named `kind/name`, so it cannot be one. */
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
    const readiness = this.readiness.check();
    const { status } = await this.#verdictOf(readiness);
    if (status !== 'ok') reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return verbose === undefined ? brief(readiness) : detailed(readiness);
  }

  async #verdictOf(readiness: Readiness): Promise<Pick<HealthCheckResult, 'status'>> {
    try {
      return await this.health.check(this.#indicatorsOf(readiness));
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return { status: 'error' };
      throw error;
    }
  }

  #indicatorsOf({ ready, reason, sources }: Readiness): HealthIndicatorFunction[] {
    const verdict = this.indicators.check(VERDICT);
    return [
      () => (ready ? verdict.up() : verdict.down(reason ?? 'not ready')),
      ...sources.map(({ name, state, detail }) => () => {
        const indicator = this.indicators.check(name);
        return ready || state === 'ok' ? indicator.up({ detail }) : indicator.down({ detail });
      }),
    ];
  }
}

function brief({ reason }: Readiness): string {
  return reason === undefined ? 'ok\n' : `not ready, ${reason}\n`;
}

function detailed(readiness: Readiness): string {
  const lines = readiness.sources.map(
    ({ name, state, detail }) => `[${state === 'ok' ? '+' : '-'}] ${name} ${state} (${detail})\n`,
  );
  return `${lines.join('')}${brief(readiness)}`;
}
