import {
  type Conversion,
  type CustomResource,
  parsePrometheusDuration,
  type ResourceObject,
} from 'target-allocator/plugin-api';
import { Reader } from './reader.js';

/** `blackbox-exporter.monitoring:9115`; nothing in it may mean something in a relabelling rule (`$`). */
const hostPort = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:.]+\]):\d{1,5}$/;
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * A BlackboxCheck: endpoints that a blackbox exporter is to look at. It means one job `blackboxCheck/namespace/name`, whose
 * targets are what is looked at, and whose requests all go to the exporter.
 */
export const blackboxCheck: CustomResource = {
  group: 'checks.example.com',
  version: 'v1alpha1',
  plural: 'blackboxchecks',
  kind: 'BlackboxCheck',
  convert: ({ metadata, spec }): Conversion => {
    const at = Reader.of({ spec });
    const job = jobOf(at.field('spec'), metadata);
    const rejected = at.issues.map(({ path = [], message }) => `${pathText(path)}: ${message}`);
    return rejected.length > 0 ? { configs: [], rejected } : { configs: [job], rejected };
  },
};

type Metadata = ResourceObject['metadata'];

function jobOf(spec: Reader, { namespace, name }: Metadata): Conversion['configs'][number] {
  const interval = intervalIn(spec.field('interval'));
  return {
    job_name: `blackboxCheck/${namespace}/${name}`,
    ...(interval !== undefined && { scrape_interval: interval }),
    metrics_path: '/probe',
    params: { module: [spec.field('module').requiredText()] },
    static_configs: [
      {
        targets: targetsIn(spec.field('targets')),
        labels: labelsIn(spec.field('labels'), namespace),
      },
    ],
    relabel_configs: [
      { source_labels: ['__address__'], target_label: '__param_target' },
      { source_labels: ['__param_target'], target_label: 'instance' },
      { target_label: '__address__', replacement: proberIn(spec.field('prober')) },
    ],
  };
}

function proberIn(at: Reader): string {
  const prober = at.requiredText();
  if (prober !== '' && !hostPort.test(prober)) at.reject(`must be host:port, got ${shown(prober)}`);
  return prober;
}

function targetsIn(at: Reader): readonly string[] {
  const targets = at.texts();
  if (targets.length === 0) at.reject('must have at least one target');
  return targets;
}

/** Absent: that of all jobs. */
function intervalIn(at: Reader): string | undefined {
  const interval = at.text() ?? '';
  if (interval === '') return undefined;
  const parsed = parsePrometheusDuration(interval);
  if (!parsed.ok || parsed.value === 0) {
    at.reject(`must be a duration such as 30s, got ${shown(interval)}`);
  }
  return interval;
}

/** Where it comes from is told by the host; what its author says comes beside it and not instead of it. */
function labelsIn(at: Reader, namespace: string): Readonly<Record<string, string>> {
  const labels = at.textMap();
  for (const name of Object.keys(labels)) {
    if (!labelName.test(name) || name.startsWith('__') || name === 'namespace') {
      at.reject(`must not have the label ${shown(name)}`);
    }
  }
  return { ...labels, namespace };
}

/** Others' texts are shown in part only. */
function shown(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}

/** `spec.targets[0]` */
function pathText(path: readonly unknown[]): string {
  return path
    .map((segment) =>
      typeof segment === 'number' ? `[${String(segment)}]` : `.${String(segment)}`,
    )
    .join('')
    .slice(1);
}
