import { RecordingLogger } from '../../../../../test/fixtures/plugin-context.js';
import { FakeClock } from '../../../telemetry/testing/fake-clock.js';
import type { ReferencedKind, ReferencedValue } from '../../referenced-values.js';
import { KubernetesReferencedValues } from '../kubernetes-referenced-values.js';
import { FakeObjects } from './fake-objects.js';

export interface ReferencedWorld {
  readonly cluster: FakeObjects;
  readonly clock: FakeClock;
  readonly logger: RecordingLogger;
  readonly values: KubernetesReferencedValues;
  /** The keys of objects that were told to have changed. */
  readonly changed: string[];
  /** Where Secrets are watched. */
  readonly namespaces: string[];
  readonly get: (
    kind: ReferencedKind,
    object: string,
    key: string,
    namespace?: string,
  ) => ReferencedValue;
  /** Makes an owner of its own need an object. */
  readonly own: (kind: ReferencedKind, namespace: string, name: string) => void;
}

/** Referenced values on a fake API server, whose Secrets are watched in the namespace `shop`. */
export function referencedWorld(): ReferencedWorld {
  const namespaces = ['shop'];
  const cluster = new FakeObjects();
  const clock = new FakeClock();
  const logger = new RecordingLogger();
  const values = new KubernetesReferencedValues({
    kubernetes: cluster,
    secretNamespaces: () => namespaces,
    clock,
    logger,
    random: () => 0.5,
  });
  const changed: string[] = [];
  values.onChange((key) => changed.push(key));
  return {
    cluster,
    clock,
    logger,
    values,
    changed,
    namespaces,
    get: (kind, name, key, namespace = 'shop') => values.get(kind, { namespace, name, key }),
    own: (kind, namespace, name) => {
      values.retain(`${kind} ${namespace} ${name}`, [{ kind, namespace, name }]);
    },
  };
}

export const known = (text: string): ReferencedValue => ({ state: 'known', text });
export const missing = (reason: string): ReferencedValue => ({ state: 'missing', reason });
export const pending: ReferencedValue = { state: 'pending' };
