import type { Allocator } from '../../fixtures/allocator.js';

const prefix = 'opentelemetry_allocator_kubernetes_informer_';

type Counter = 'relists_total' | 'reconnects_total' | 'synced' | 'objects';

/** What the informers of a running allocator have counted, as its metrics say at one moment. */
export class InformerCounts {
  private constructor(private readonly lines: readonly string[]) {}

  static async of(allocator: Allocator): Promise<InformerCounts> {
    const { text } = await allocator.get('/metrics');
    return new InformerCounts(text.split('\n').filter((line) => line.startsWith(prefix)));
  }

  /** By resource: `pods`, `endpointslices.discovery.k8s.io`. */
  byResource(counter: Counter): ReadonlyMap<string, number> {
    return this.#sum(`${prefix}${counter}{`);
  }

  /** Errors of a kind, such as `expired` or `429`, by resource. */
  errors(kind: string): ReadonlyMap<string, number> {
    return this.#sum(`${prefix}errors_total{`, `kind="${kind}"`);
  }

  #sum(begin: string, part = ''): ReadonlyMap<string, number> {
    const sums = new Map<string, number>();
    for (const line of this.lines) {
      if (!line.startsWith(begin) || !line.includes(part)) continue;
      const resource = /resource="([^"]*)"/.exec(line)?.[1] ?? '';
      const value = Number(line.slice(line.lastIndexOf(' ')));
      sums.set(resource, (sums.get(resource) ?? 0) + value);
    }
    return sums;
  }
}

/** How much each resource has grown. */
export function growth(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...after].map(([resource, count]) => [resource, count - (before.get(resource) ?? 0)]),
  );
}
