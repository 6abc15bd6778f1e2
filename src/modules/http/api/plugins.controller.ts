import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { INSTALLED_PLUGINS, type InstalledPlugins } from '../../plugins/index.js';
import { ApiJson } from './api-docs.js';
import { pluginsSchema } from './api.schemas.js';
import { listPlugins, type PluginList } from './plugin-list.js';

/** Which plugins take part. */
@ApiTags('operators')
@Controller('api/v1/plugins')
export class PluginsController {
  constructor(@Inject(INSTALLED_PLUGINS) private readonly plugins: InstalledPlugins) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Plugins, what they provide, and why some are left out' })
  @ApiJson(pluginsSchema)
  list(): PluginList {
    return listPlugins(this.plugins);
  }
}
