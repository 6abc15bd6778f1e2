import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ServedState } from '../../allocation/index.js';
import { ResourceStatuses } from '../../custom-resources/index.js';
import { ApiJson, ApiText } from './api-docs.js';
import { resourcesSchema } from './api.schemas.js';
import { queryPipe } from './query-pipe.js';
import { listResources, type ResourceList } from './resource-list.js';
import { ResourcesQuery } from './resources.query.js';

/** What became of custom resources. */
@ApiTags('operators')
@Controller('api/v1/resources')
export class ResourcesController {
  constructor(
    private readonly statuses: ResourceStatuses,
    private readonly state: ServedState,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Selected custom resources, the jobs made of each, or why it has none' })
  @ApiJson(resourcesSchema)
  @ApiText(400, 'A parameter is not what it must be.')
  resources(@Query(queryPipe) query: ResourcesQuery): ResourceList {
    return listResources(this.statuses, query, this.state.whyUnknown());
  }
}
