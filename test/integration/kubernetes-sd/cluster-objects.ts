import type { Cluster } from '../../fixtures/cluster/cluster.js';

const mergePatch = 'application/merge-patch+json';
/** As many as fit into one slice. */
const endpointsPerSlice = 50;

/** A pod of these tests: its address never changes, its label `rev` says how often it was changed. */
export interface PodSpec {
  readonly name: string;
  readonly ip: string;
  readonly node: string;
}

/** The n-th pod, which keeps its address and node when it is made again. */
export function podSpec(n: number, prefix = 'kept'): PodSpec {
  const third = { kept: 1, extra: 2, large: 4 }[prefix] ?? 3;
  const ip = `10.${String(third)}.${String(Math.floor(n / 250))}.${String((n % 250) + 1)}`;
  return { name: `${prefix}-${String(n)}`, ip, node: `node-${String(n % 2)}` };
}

/** Objects that targets are made of, in a namespace of their own. */
export class ClusterObjects {
  constructor(
    private readonly cluster: Cluster,
    readonly namespace: string,
  ) {}

  /** A namespace, two nodes, and so many pods behind endpoint slices. */
  async create(count: number): Promise<readonly PodSpec[]> {
    await this.cluster.createNamespace(this.namespace);
    await this.#ensureNode('node-0', '10.0.0.1');
    await this.#ensureNode('node-1', '10.0.0.2');
    const pods = Array.from({ length: count }, (_, n) => podSpec(n));
    for (const pod of pods) await this.createPod(pod);
    for (let begin = 0; begin < count; begin += endpointsPerSlice) {
      await this.createSlice(
        `slice-${String(begin)}`,
        pods.slice(begin, begin + endpointsPerSlice),
      );
    }
    return pods;
  }

  async createPod({ name, ip, node }: PodSpec): Promise<void> {
    await this.cluster.api('POST', this.#path('pods'), {
      metadata: { name, labels: { rev: '0' } },
      spec: {
        nodeName: node,
        containers: [{ name: 'main', image: 'main', ports: [{ containerPort: 8080 }] }],
        terminationGracePeriodSeconds: 0,
      },
    });
    await this.#setRunning({ name, ip, node });
  }

  async revisePod(name: string, rev: number): Promise<void> {
    const metadata = { labels: { rev: String(rev) } };
    await this.cluster.api('PATCH', this.#path('pods', name), { metadata }, mergePatch);
  }

  async annotatePod(name: string, text: string): Promise<void> {
    const metadata = { annotations: { text } };
    await this.cluster.api('PATCH', this.#path('pods', name), { metadata }, mergePatch);
  }

  /** A pod that takes so many bytes in each line of a watch. */
  async createLargePod(sizeBytes: number): Promise<PodSpec> {
    const pod = podSpec(0, 'large');
    const main = { name: 'main', image: 'main', ports: [{ containerPort: 8080 }] };
    const env = [{ name: 'TEXT', value: 'x'.repeat(sizeBytes) }];
    await this.cluster.api('POST', this.#path('pods'), {
      metadata: { name: pod.name, labels: { rev: '0' } },
      spec: {
        nodeName: pod.node,
        containers: [{ ...main, env }],
        terminationGracePeriodSeconds: 0,
      },
    });
    await this.#setRunning(pod);
    return pod;
  }

  async deletePod(name: string): Promise<void> {
    await this.cluster.pods.delete(this.namespace, name);
  }

  async createSlice(name: string, pods: readonly PodSpec[]): Promise<void> {
    await this.cluster.api('POST', this.#slices(), {
      metadata: { name, labels: { 'kubernetes.io/service-name': 'service' } },
      addressType: 'IPv4',
      ports: [{ name: 'metrics', port: 8080, protocol: 'TCP' }],
      endpoints: pods.map((pod) => ({
        addresses: [pod.ip],
        nodeName: pod.node,
        conditions: { ready: true },
        targetRef: { kind: 'Pod', name: pod.name, namespace: this.namespace },
      })),
    });
  }

  /** What Endpoints of old say of the same pods. */
  async createEndpoints(name: string, pods: readonly PodSpec[]): Promise<void> {
    await this.cluster.api('POST', this.#path('endpoints'), {
      metadata: { name },
      subsets: [
        {
          addresses: pods.map((pod) => ({
            ip: pod.ip,
            nodeName: pod.node,
            targetRef: { kind: 'Pod', name: pod.name, namespace: this.namespace },
          })),
          ports: [{ name: 'metrics', port: 8080 }],
        },
      ],
    });
  }

  async deleteSlice(name: string): Promise<void> {
    await this.cluster.api('DELETE', `${this.#slices()}/${name}`);
  }

  /** Changes a label of the node itself, which all targets on it are to follow. */
  async labelNode(name: string, zone: string): Promise<void> {
    const metadata = { labels: { zone } };
    await this.cluster.api('PATCH', `/api/v1/nodes/${name}`, { metadata }, mergePatch);
  }

  async #setRunning({ name, ip }: PodSpec): Promise<void> {
    const status = { phase: 'Running', podIP: ip, podIPs: [{ ip }] };
    await this.cluster.api('PATCH', this.#path('pods', name, 'status'), { status }, mergePatch);
  }

  async #ensureNode(name: string, address: string): Promise<void> {
    const node = { metadata: { name, labels: { zone: 'zone-0' } } };
    await this.cluster.api('POST', '/api/v1/nodes', node).catch((error: unknown) => {
      if (!String(error).includes('409')) throw error;
    });
    const status = { addresses: [{ type: 'InternalIP', address }] };
    await this.cluster.api('PATCH', `/api/v1/nodes/${name}/status`, { status }, mergePatch);
  }

  #path(...parts: readonly string[]): string {
    return ['/api/v1/namespaces', this.namespace, ...parts].join('/');
  }

  #slices(): string {
    return `/apis/discovery.k8s.io/v1/namespaces/${this.namespace}/endpointslices`;
  }
}
