import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TargetGroup } from '../../src/plugin-api/index.js';

/** Targets in files of file_sd: jobs of equal size, each with a file of its own. */
export interface Workload {
  readonly targets: number;
  readonly labels: number;
  readonly perGroup: number;
}

export const jobs = 10;
/** The labels that are no pod labels: namespace, pod, node and the annotation. */
const fixedLabels = 4;

type FileGroup = Pick<TargetGroup, 'labels' | 'targets'> | { readonly targets: readonly string[] };

/** The files of a workload in a folder of their own, as allocators watch the folder and not the file. */
export class FileSd {
  readonly #perJob: number;

  constructor(
    private readonly folder: string,
    private readonly workload: Workload,
  ) {
    this.#perJob = Math.floor(workload.targets / jobs / workload.perGroup);
  }

  /** How many targets there really are: each job has the same number of whole groups. */
  get targets(): number {
    return this.#perJob * this.workload.perGroup * jobs;
  }

  get files(): readonly string[] {
    return Array.from({ length: jobs }, (_, job) => this.#file(job));
  }

  async write(): Promise<void> {
    await mkdir(join(this.folder, 'sd'), { recursive: true });
    for (let job = 0; job < jobs; job += 1) await this.#writeJob(job);
  }

  /** Gives the first target, and those of its group, a label more; at once, as a careful writer does. */
  async change(version: string): Promise<() => Promise<void>> {
    const ready = join(this.folder, 'changed.json');
    await writeFile(ready, this.#text(0, { version }));
    return () => rename(ready, this.#file(0));
  }

  /** Undoes all changes. */
  async restore(): Promise<void> {
    await this.#writeJob(0);
  }

  /** As it is in the answers. */
  static readonly firstAddress = '10.0.0.0:8080';

  #file(job: number): string {
    return join(this.folder, 'sd', `sd-${String(job)}.json`);
  }

  async #writeJob(job: number): Promise<void> {
    await writeFile(this.#file(job), this.#text(job));
  }

  #text(job: number, firstLabels: Readonly<Record<string, string>> = {}): string {
    const groups = Array.from({ length: this.#perJob }, (_, n) =>
      JSON.stringify(this.#group(job, n, n === 0 ? firstLabels : {})),
    );
    return `[${groups.join(',\n')}]\n`;
  }

  #group(job: number, n: number, more: Readonly<Record<string, string>>): FileGroup {
    const { perGroup, labels } = this.workload;
    const first = (job * this.#perJob + n) * perGroup;
    const podLabels = Array.from({ length: labels - fixedLabels }, (_, i) => [
      `__meta_kubernetes_pod_label_${String(i)}`,
      `value-${String(i)}-${String(n % 50)}`,
    ]);
    return {
      targets: Array.from({ length: perGroup }, (_, i) => address(first + i)),
      labels: {
        ...(Object.fromEntries(podLabels) as Record<string, string>),
        namespace: `ns-${String(n % 100)}`,
        pod: `pod-${String(job)}-${String(n)}`,
        __meta_kubernetes_pod_node_name: `n${String(n % 10)}`,
        __meta_kubernetes_pod_annotation_prometheus_io_scrape: 'true',
        ...more,
      },
    };
  }
}

function address(n: number): string {
  return `10.${String((n >> 16) & 255)}.${String((n >> 8) & 255)}.${String(n & 255)}:8080`;
}
