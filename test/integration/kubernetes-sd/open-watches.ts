import type { Cluster } from '../../fixtures/cluster/cluster.js';

/** Watches that the API server has open, beyond those that it had at first. */
export class OpenWatches {
  private constructor(
    private readonly cluster: Cluster,
    private readonly before: ReadonlyMap<string, number>,
  ) {}

  static async since(cluster: Cluster): Promise<OpenWatches> {
    return new OpenWatches(cluster, await openWatches(cluster));
  }

  /** `pods 1`: one watch of pods more. Sorted. */
  async added(): Promise<readonly string[]> {
    const lines: string[] = [];
    for (const [resource, count] of await openWatches(this.cluster)) {
      const more = count - (this.before.get(resource) ?? 0);
      if (more !== 0) lines.push(`${resource} ${String(more)}`);
    }
    return lines.toSorted();
  }
}

async function openWatches(cluster: Cluster): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const line of (await cluster.metrics()).split('\n')) {
    if (!line.startsWith('apiserver_longrunning_requests{')) continue;
    if (!line.includes('verb="WATCH"')) continue;
    const resource = /resource="([^"]*)"/.exec(line)?.[1] ?? '';
    counts.set(resource, (counts.get(resource) ?? 0) + Number(line.slice(line.lastIndexOf(' '))));
  }
  return counts;
}
