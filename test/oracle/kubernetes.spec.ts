import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecordingLogger, RecordingMeter } from '../fixtures/plugin-context.js';
import { Cluster, isClusterAvailable } from '../fixtures/cluster/cluster.js';
import { ClusterDirectory } from '../../src/modules/kubernetes/cluster-directory.js';
import { configuredTarget } from '../../src/modules/kubernetes/server-target.js';
import { SystemClock } from '../../src/modules/telemetry/clock.js';
import type {
  KubernetesSdConfig,
  KubernetesServer,
  PluginContext,
  TargetGroup,
} from '../../src/plugin-api/index.js';
import { kubernetesDiscovery } from '../../src/plugins/discovery/kubernetes/kubernetes-discovery.js';
import { seededRandom } from './kubernetes-draw.js';
import { KubernetesWorld } from './kubernetes-world.js';
import { describeWithOracle, seedOfRun } from './oracle.js';

const isCi = process.env['CI'] === 'true';
const historiesPerRun = Number(process.env['ORACLE_HISTORIES'] ?? (isCi ? 200 : 8));
const changesPerHistory = 50;
/** Either side may be behind for a moment: then it is asked again, and has more time to say all. */
const attempts = 6;
const quietMs = { first: 400, later: 1_500 };

type Config = Omit<KubernetesSdConfig, 'kubeconfig_file' | 'follow_redirects' | 'enable_http2'> &
  Partial<KubernetesSdConfig>;

const everything = { node: true, namespace: true, deployment: true, job: true, cronjob: true };
const only = (...names: string[]) => ({ own_namespace: false, names });

const configs: readonly Config[] = [
  { role: 'node' },
  { role: 'service', attach_metadata: everything },
  { role: 'pod' },
  { role: 'pod', attach_metadata: everything },
  {
    role: 'pod',
    namespaces: only('alpha'),
    selectors: [{ role: 'pod', label: 'app', field: 'status.phase!=Failed' }],
  },
  {
    role: 'pod',
    attach_metadata: { ...everything, job: false },
    selectors: [{ role: 'node', label: 'app!=b' }],
  },
  { role: 'endpoints' },
  { role: 'endpoints', attach_metadata: everything, namespaces: only('alpha', 'beta') },
  { role: 'endpointslice', attach_metadata: everything },
  {
    role: 'endpointslice',
    namespaces: only('beta'),
    selectors: [{ role: 'service', label: 'tier!=a' }],
  },
  { role: 'ingress', attach_metadata: everything },
];

type Groups = Readonly<
  Record<string, { readonly labels: object; readonly targets: readonly object[] }>
>;

/** Our discovery with one configuration, and the groups that it has emitted. */
class Discovery {
  readonly #groups = new Map<string, TargetGroup>();
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;

  constructor(config: KubernetesSdConfig, clusters: ClusterDirectory) {
    const clock = new SystemClock();
    const tools = { clock, search: { file: '', env: {} }, proxies: {} };
    const target = configuredTarget(config, tools);
    const server: KubernetesServer = {
      ownNamespace: undefined,
      informer: (request) => clusters.informer(target, request),
    };
    const context: PluginContext = {
      clock,
      logger: new RecordingLogger(),
      meter: new RecordingMeter(),
      kubernetesServers: { server: () => server },
      httpClient: () => {
        throw new Error('not for this test');
      },
    };
    const source = kubernetesDiscovery.create(config, context);
    this.#ended = source.run((groups) => {
      for (const group of groups) {
        if (group.targets.length === 0) this.#groups.delete(group.source);
        else this.#groups.set(group.source, group);
      }
    }, this.#stop.signal);
  }

  groups(): Groups {
    return inOrder(Object.fromEntries(this.#groups));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }
}

/** Neither targets nor labels have an order. */
function inOrder(groups: Groups): Groups {
  const sorted = Object.entries(groups).map(([source, { labels, targets }]) => {
    const texts = targets.map((target) =>
      JSON.stringify(Object.entries(target).sort(([a], [b]) => (a < b ? -1 : 1))),
    );
    return [source, { labels: { ...labels }, targets: texts.sort().map((t) => ({ target: t })) }];
  });
  return Object.fromEntries(sorted) as Groups;
}

describe.skipIf(!isClusterAvailable)('a real API server', () => {
  describeWithOracle('kubernetes discovery is that of Prometheus', (oracle) => {
    let cluster: Cluster;
    let world: KubernetesWorld;
    let clusters: ClusterDirectory;
    let asked: readonly KubernetesSdConfig[] = [];
    let discoveries: readonly Discovery[] = [];

    beforeAll(async () => {
      cluster = await Cluster.start();
      world = new KubernetesWorld(cluster);
      await world.begin();
      clusters = new ClusterDirectory({ clock: new SystemClock(), logger: new RecordingLogger() });
      const client = { follow_redirects: true, enable_http2: true };
      const kubeconfig_file = await cluster.kubeConfig();
      const byUrl = {
        api_server: cluster.url,
        authorization: {
          type: 'Bearer',
          credentials_file: await cluster.writeFile('token', cluster.adminToken),
        },
        tls_config: { ca_file: cluster.caFile, insecure_skip_verify: false },
      };
      asked = [
        ...configs.map((config) => ({ ...client, kubeconfig_file, ...config })),
        { ...client, ...byUrl, kubeconfig_file: '', role: 'service' },
        { ...client, ...byUrl, kubeconfig_file: '', role: 'node', enable_http2: false },
      ];
      discoveries = asked.map((config) => new Discovery(config, clusters));
    });
    afterAll(async () => {
      await Promise.all(discoveries.map((discovery) => discovery.stop()));
      clusters.close();
      await cluster.stop();
    });

    /** What Prometheus finds when it is started now; JSON is YAML. */
    async function expected(quiet_ms: number): Promise<readonly Groups[]> {
      const question = { configs: asked.map((config) => JSON.stringify(config)), quiet_ms };
      const [answers = []] = await oracle().ask<readonly Groups[]>('kubernetes_sd', [question]);
      return answers.map(inOrder);
    }

    it(
      'after random histories of every kind of object',
      async () => {
        const seed = seedOfRun('kubernetes');
        const compared = asked.map(() => 0);
        for (let history = 0; history < historiesPerRun; history++) {
          const random = seededRandom(seed + history);
          const changes: string[] = [];
          for (let n = 0; n < changesPerHistory; n++) changes.push(await world.change(random));
          let theirs = await expected(quietMs.first);
          for (let n = 1; n < attempts && !isSame(ours(), theirs); n++) {
            theirs = await expected(quietMs.later);
          }
          expect(ours(), `history ${String(history)}: ${changes.join(', ')}`).toEqual(theirs);
          for (const [index, groups] of theirs.entries()) {
            compared[index] = (compared[index] ?? 0) + Object.keys(groups).length;
          }
        }
        console.info(`groups compared, by configuration: ${compared.join(' ')}`);
        expect(Math.min(...compared)).toBeGreaterThan(0);
      },
      60_000 + historiesPerRun * 60_000,
    );

    const ours = (): readonly Groups[] => discoveries.map((discovery) => discovery.groups());

    it('with one watch for each kind, namespace and selector, whatever the number of jobs', () => {
      const connections = clusters.list().map((access) => access.informers());
      expect(connections).toHaveLength(3);
      for (const informers of connections) {
        const resources = informers.map(({ request }) =>
          [request.plural, request.namespace, request.labelSelector, request.fieldSelector].join(
            ' ',
          ),
        );
        expect(new Set(resources).size).toBe(resources.length);
      }
    });
  });
});

const isSame = (a: readonly Groups[], b: readonly Groups[]): boolean =>
  JSON.stringify(a.map(bySource)) === JSON.stringify(b.map(bySource));

function bySource(groups: Groups): unknown {
  return Object.entries(groups)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([source, { labels, targets }]) => [
      source,
      Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)),
      targets,
    ]);
}
