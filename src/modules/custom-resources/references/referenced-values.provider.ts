import type { Provider } from '@nestjs/common';
import type { Clock, Logger } from '../../../plugin-api/index.js';
import { ConfigService } from '../../config/index.js';
import { KubernetesService } from '../../kubernetes/index.js';
import { CLOCK, LOGGER } from '../../telemetry/index.js';
import { ReferencedValues } from '../referenced-values.js';
import { KubernetesReferencedValues } from './kubernetes-referenced-values.js';

/** {@link ReferencedValues} of the cluster that the allocator belongs to. */
export const referencedValuesProviders: readonly Provider[] = [
  {
    provide: KubernetesReferencedValues,
    inject: [KubernetesService, ConfigService, CLOCK, LOGGER],
    useFactory: (
      kubernetes: KubernetesService,
      config: ConfigService,
      clock: Clock,
      logger: Logger,
    ) => {
      const values = new KubernetesReferencedValues({
        kubernetes,
        secretNamespaces: () => secretNamespaces(config),
        clock,
        logger: logger.child('custom-resources'),
      });
      config.onChange(() => {
        values.watchSecretNamespaces();
      });
      return values;
    },
  },
  { provide: ReferencedValues, useExisting: KubernetesReferencedValues },
];

/** As the Go allocator: the collectors' own namespace unless others are named. */
function secretNamespaces({ current }: ConfigService): readonly string[] {
  const { secretNamespaces: named } = current.prometheusCr;
  return named.length > 0 ? named : [current.collectorNamespace];
}
