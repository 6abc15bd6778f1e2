import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ServedState } from '../../allocation/index.js';
import { ApiJson, ApiText } from './api-docs.js';
import { statusSchema, targetsSchema } from './api.schemas.js';
import { queryPipe } from './query-pipe.js';
import { type Status, StatusService } from './status.service.js';
import { listTargets, type TargetList } from './target-list.js';
import { TargetsQuery } from './targets.query.js';

/** What operators and their scripts ask for; the Go allocator has nothing like it. */
@ApiTags('operators')
@Controller('api/v1')
export class ApiController {
  constructor(
    private readonly state: ServedState,
    private readonly statusService: StatusService,
  ) {}

  @Get('status')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'How the allocator is: sources, jobs held back, what is unassigned' })
  @ApiJson(statusSchema)
  status(): Status {
    return this.statusService.status();
  }

  @Get('targets')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Targets, each with its collector or the reason why it has none' })
  @ApiJson(targetsSchema)
  @ApiText(400, 'A parameter is not what it must be.')
  targets(@Query(queryPipe) query: TargetsQuery): TargetList {
    const { job, collector, limit, offset } = query;
    const unassigned = query.unassigned === 'true';
    const wanted = { job, collector, unassigned, limit, offset };
    return listTargets(this.state.view, wanted, this.state.whyUnknown());
  }
}
