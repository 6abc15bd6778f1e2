import { Cluster } from '../../fixtures/cluster/cluster.js';
import type { KubernetesObject } from '../deploy/chart.js';
import { type ClientTls, ImagePod, type PodAnswer } from '../deploy/pod/image-pod.js';
import { apply, createPodOf } from '../deploy/pod/installed.js';
import { containerOf, targetPortOf } from '../deploy/pod/manifest.js';
import type { BuiltImage } from '../image/built-image.js';
import { fill } from '../rbac/rights-world.js';
import { type CaseName, OperatorManifests, readManifests } from './operator-manifests.js';

const namespace = 'observability';
const rbac = 'rbac.authorization.k8s.io';

/** A cluster in which a test plays the operator, the controllers and the kubelet. */
export class OperatorWorld {
  private constructor(
    readonly cluster: Cluster,
    private readonly image: BuiltImage,
  ) {}

  static async start(image: BuiltImage): Promise<OperatorWorld> {
    const cluster = await Cluster.start();
    await fill(cluster);
    return new OperatorWorld(cluster, image);
  }

  stop(): Promise<void> {
    return this.cluster.stop();
  }

  /** Applies what the operator makes, binds roles of its documentation, and makes so many collectors' pods. */
  async install(
    name: CaseName,
    roles: readonly string[],
    collectors: number,
  ): Promise<OperatorManifests> {
    const manifests = new OperatorManifests(name);
    await apply(this.cluster, manifests.builtIn);
    const account = manifests.allocator.spec.template.spec.serviceAccountName;
    await apply(this.cluster, boundRoles(roles, account));
    await this.cluster.pods.deleteAll(namespace);
    for (let n = 0; n < collectors; n += 1) {
      const place = { node: `node-${String(n % 2)}`, ip: `10.0.9.${String(n)}` };
      await createPodOf(this.cluster, manifests.collectors, n, place);
    }
    return manifests;
  }

  async run(manifests: OperatorManifests): Promise<ServedAllocator> {
    const pod = await ImagePod.start(this.image, this.cluster, manifests.allocator);
    return new ServedAllocator(pod, manifests);
  }

  /** Makes a ServiceMonitor of the shop's service. */
  async createServiceMonitor(name: string): Promise<void> {
    const apiVersion = 'monitoring.coreos.com/v1';
    await this.cluster.api('POST', `/apis/${apiVersion}/namespaces/shop/servicemonitors`, {
      ...{ apiVersion, kind: 'ServiceMonitor', metadata: { name } },
      spec: { selector: {}, endpoints: [{ port: 'metrics' }] },
    });
  }

  /** Makes a Secret or a ConfigMap beside the allocator. */
  async put(plural: 'secrets' | 'configmaps', name: string, content: object): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/${plural}`;
    await this.cluster.api('POST', path, { metadata: { name }, ...content });
  }
}

/** An allocator that runs as the operator's manifests say. */
export class ServedAllocator {
  constructor(
    readonly pod: ImagePod,
    private readonly manifests: OperatorManifests,
  ) {}

  get(servicePort: number, path: string, tls?: ClientTls): Promise<PodAnswer> {
    const { service, allocator } = this.manifests;
    const port = targetPortOf(service, servicePort, containerOf(allocator));
    return this.pod.get(port, path, tls);
  }

  /** What its service answers. @throws Error when that is not 200. */
  async ask(path: string, tls?: ClientTls): Promise<unknown> {
    const { status, text } = await this.get(tls === undefined ? 80 : 443, path, tls);
    if (status !== 200) throw new Error(`${path}: ${String(status)} ${text}`);
    return JSON.parse(text);
  }

  async jobs(): Promise<readonly string[]> {
    return Object.keys((await this.ask('/jobs')) as object).toSorted();
  }

  /** The addresses that each of the collectors gets of a job, as it asks for them. */
  async targets(job: string, collectors: number): Promise<readonly (readonly string[])[]> {
    const { name } = this.manifests.collectors.metadata;
    const all = Array.from({ length: collectors }, async (_, n) => {
      const id = `${name}-${String(n)}`;
      const path = `/jobs/${encodeURIComponent(job)}/targets?collector_id=${id}`;
      const groups = (await this.ask(path)) as { readonly targets: readonly string[] }[];
      return groups.flatMap(({ targets }) => targets).toSorted();
    });
    return Promise.all(all);
  }

  /** What became of a custom resource. */
  async resource(name: string): Promise<unknown> {
    const { resources } = (await this.ask('/api/v1/resources')) as {
      readonly resources: readonly { readonly namespace: string; readonly name: string }[];
    };
    return resources.find((resource) => `${resource.namespace}/${resource.name}` === name);
  }

  /** What it complains of. */
  get complaints(): readonly string[] {
    const bad = this.#lines.filter(({ level }) => level === 'warn' || level === 'error');
    return bad.map(({ msg }) => msg);
  }

  /** The rights that it says it lacks. */
  get missingRights(): readonly string[] {
    return this.#lines.flatMap(({ right }) => right ?? []).toSorted();
  }

  get #lines(): readonly LogLine[] {
    const lines = this.pod.program.output.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as LogLine);
  }
}

interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly right?: string;
}

function boundRoles(names: readonly string[], account: string): readonly KubernetesObject[] {
  const roles = readManifests('roles').filter(({ metadata }) => names.includes(metadata.name));
  if (roles.length !== names.length) throw new Error(`not all there: ${names.join(', ')}`);
  const subjects = [{ kind: 'ServiceAccount', name: account, namespace }];
  const bindings = roles.map(({ metadata: { name } }) => ({
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    // One for each account: the next case may give fewer rights.
    metadata: { name: `${name}-${account}` },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
    subjects,
  }));
  return [...roles, ...bindings];
}
