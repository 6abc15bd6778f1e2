import { Injectable } from '@nestjs/common';
import type {
  CustomResource,
  CustomResourceHost,
  ResourceSelection,
  ScrapeConfigSource,
} from '../../plugin-api/index.js';
import { ConfigService } from '../config/index.js';
import { CustomResourceSource } from './custom-resource-source.js';
import { CustomResourceTools } from './custom-resource-tools.js';
import { NoClusterError } from './custom-resources.errors.js';

/** Gives watchers the sources of their kinds, in the cluster that the allocator belongs to. */
@Injectable()
export class CustomResourcesService implements CustomResourceHost {
  constructor(
    private readonly tools: CustomResourceTools,
    private readonly config: ConfigService,
  ) {}

  source(resource: CustomResource, selection: ResourceSelection): ScrapeConfigSource {
    const { tools } = this;
    const ownNamespace = this.config.current.collectorNamespace;
    const source = new CustomResourceSource(resource, selection, tools, ownNamespace);
    return {
      run: async (emit, signal) => {
        if (!tools.kubernetes.isConfigured) throw new NoClusterError(resource.kind);
        await source.run(emit, signal);
      },
    };
  }
}
