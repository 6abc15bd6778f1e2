import type { Cluster } from '../../fixtures/cluster/cluster.js';

interface Metadata {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}
interface Pod {
  readonly metadata: Metadata;
  readonly spec: {
    readonly nodeName: string;
    readonly containers: readonly {
      readonly ports: readonly { readonly containerPort: number }[];
    }[];
  };
  readonly status: { readonly podIP?: string };
}
interface Slice {
  readonly ports: readonly { readonly port: number }[];
  readonly endpoints: readonly {
    readonly addresses: readonly string[];
    readonly nodeName: string;
    readonly targetRef: { readonly name: string };
  }[];
}

/** What tells a target of these tests from another one: all that a line is made of can change. */
export function targetLine(address: string, labels: Readonly<Record<string, string>>): string {
  const label = (name: string): string => labels[`__meta_kubernetes_${name}`] ?? '-';
  return [
    address,
    label('pod_name'),
    `rev=${label('pod_label_rev')}`,
    `zone=${label('node_label_zone')}`,
  ].join(' ');
}

/** The targets that a namespace has now, by rules of the test's own and not by the service's. */
export class FreshList {
  constructor(
    private readonly cluster: Cluster,
    private readonly namespace: string,
  ) {}

  /** Role `pod` with the node's labels. */
  async ofPods(): Promise<readonly string[]> {
    const [pods, zones] = [await this.#pods(), await this.#zones()];
    const lines: string[] = [];
    for (const { metadata, spec, status } of pods) {
      if (status.podIP === undefined) continue;
      for (const { containerPort } of spec.containers.flatMap(({ ports }) => ports)) {
        const address = `${status.podIP}:${String(containerPort)}`;
        lines.push(targetLine(address, metaLabels(metadata, zones.get(spec.nodeName))));
      }
    }
    return lines.toSorted();
  }

  /** Role `endpointslice` with the node's labels. */
  async ofSlices(): Promise<readonly string[]> {
    const zones = await this.#zones();
    const pods = new Map((await this.#pods()).map(({ metadata }) => [metadata.name, metadata]));
    const slices = await this.#items<Slice>(
      `/apis/discovery.k8s.io/v1/namespaces/${this.namespace}/endpointslices`,
    );
    const lines: string[] = [];
    for (const { endpoints, ports } of slices) {
      for (const { addresses, nodeName, targetRef } of endpoints) {
        const labels = metaLabels(pods.get(targetRef.name), zones.get(nodeName));
        for (const { port } of ports) {
          for (const address of addresses)
            lines.push(targetLine(`${address}:${String(port)}`, labels));
        }
      }
    }
    return lines.toSorted();
  }

  #pods(): Promise<readonly Pod[]> {
    return this.#items<Pod>(`/api/v1/namespaces/${this.namespace}/pods`);
  }

  async #zones(): Promise<ReadonlyMap<string, string>> {
    const nodes = await this.#items<{ readonly metadata: Metadata }>('/api/v1/nodes');
    return new Map(nodes.map(({ metadata: { name, labels } }) => [name, labels?.['zone'] ?? '-']));
  }

  async #items<T>(path: string): Promise<readonly T[]> {
    return ((await this.cluster.api('GET', path)) as { readonly items: readonly T[] }).items;
  }
}

function metaLabels(pod: Metadata | undefined, zone: string | undefined): Record<string, string> {
  return {
    ...(pod !== undefined && {
      __meta_kubernetes_pod_name: pod.name,
      __meta_kubernetes_pod_label_rev: pod.labels?.['rev'] ?? '-',
    }),
    ...(zone !== undefined && { __meta_kubernetes_node_label_zone: zone }),
  };
}
