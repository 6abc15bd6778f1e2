import {
  defineServiceDiscovery,
  labelSetOf,
  type StaticConfig,
  type TargetGroup,
} from '../../../plugin-api/index.js';

/** Targets written into the job itself: one group for each entry, named by its place, as Prometheus does. */
export const staticDiscovery = defineServiceDiscovery<readonly StaticConfig[]>({
  name: 'static',
  stability: 'stable',
  create: (configs) => ({
    run: (emit, signal) => {
      emit(configs.map(staticGroup));
      return new Promise((resolve) => {
        if (signal.aborted) resolve();
        else
          signal.addEventListener(
            'abort',
            () => {
              resolve();
            },
            { once: true },
          );
      });
    },
  }),
});

function staticGroup({ targets, labels }: StaticConfig, index: number): TargetGroup {
  return {
    source: String(index),
    labels: labelSetOf(Object.entries(labels ?? {})),
    targets: targets.map((address) => labelSetOf([['__address__', address]])),
  };
}
