import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The part of a configuration that says which collectors there are. */
export type CollectorSettings = Readonly<Record<string, unknown>>;

/** Collectors that the file names; only ours can do without a cluster. */
export function staticCollectors(count: number): CollectorSettings {
  const collectors = Array.from({ length: count }, (_, n) => ({
    name: collectorName(n),
    node: `n${String(n % 10)}`,
  }));
  return { collector_source: { type: 'static', collectors } };
}

export function collectorName(n: number): string {
  return `col-${String(n)}`;
}

/** The three rules of every job: keep, labelmap, and a rewritten host. */
const relabelConfigs = [
  {
    source_labels: ['__meta_kubernetes_pod_annotation_prometheus_io_scrape'],
    regex: 'true',
    action: 'keep',
  },
  { regex: '__meta_kubernetes_pod_label_(.+)', action: 'labelmap' },
  {
    source_labels: ['__address__'],
    regex: '([^:]+)(?::\\d+)?',
    replacement: '${1}:9090',
    target_label: '__address__',
  },
];

export interface ConfigOptions {
  readonly folder: string;
  readonly strategy: string;
  readonly collectors: CollectorSettings;
}

/** A job for each file. */
export function writeFullConfig(options: ConfigOptions, files: readonly string[]): Promise<string> {
  const jobs = files.map((file, n) => ({
    job_name: `job-${String(n)}`,
    file_sd_configs: [{ files: [file] }],
    relabel_configs: relabelConfigs,
  }));
  return write('full.yaml', { ...options, jobs });
}

/** One job with one target: what an allocator costs that has nothing to do. */
export function writeEmptyConfig(options: ConfigOptions): Promise<string> {
  const jobs = [{ job_name: 'none', static_configs: [{ targets: ['127.0.0.1:9'] }] }];
  return write('empty.yaml', { ...options, jobs });
}

/** JSON is YAML. */
async function write(
  name: string,
  { folder, strategy, collectors, jobs }: ConfigOptions & { readonly jobs: readonly object[] },
): Promise<string> {
  const path = join(folder, name);
  const document = {
    ...collectors,
    allocation_strategy: strategy,
    filter_strategy: 'relabel-config',
    config: { scrape_configs: jobs },
  };
  await writeFile(path, JSON.stringify(document));
  return path;
}
