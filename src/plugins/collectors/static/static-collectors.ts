import { defineCollectorSource, type Collector, untilAborted } from '../../../plugin-api/index.js';
import { readCollectorList } from '../collector-list.js';
import { schemaOf } from '../options-reader.js';

export interface StaticCollectorsOptions {
  readonly collectors: readonly Collector[];
}

/** Collectors that the configuration names; for fleets of a fixed size outside Kubernetes. */
export const staticCollectors = defineCollectorSource<StaticCollectorsOptions>({
  name: 'static',
  stability: 'beta',
  configSchema: schemaOf((options) => {
    options.keys(['collectors']);
    return { collectors: readCollectorList(options.field('collectors')) };
  }),
  create: ({ collectors }) => ({
    async run(emit, signal) {
      emit(collectors);
      await untilAborted(signal);
    },
  }),
});
