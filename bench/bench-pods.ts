import type { Cluster } from '../test/fixtures/cluster/cluster.js';

const mergePatch = 'application/merge-patch+json';
/** Requests at a time; the API server shares the machine with what is measured. */
const atATime = 8;

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

/** As big as pods are: about 7 kB of JSON, of which discovery keeps a tenth. */
function manifest(n: number): object {
  const app = `service-${String(n % 199)}`;
  const env = range(20).map((i) => ({ name: `SETTING_${String(i)}`, value: `value-${String(i)}` }));
  const pairs = (prefix: string, count: number): Record<string, string> =>
    Object.fromEntries(
      range(count).map((i) => [`${prefix}-${String(i)}`, `${prefix}-value-${String(i)}`]),
    );
  return {
    metadata: {
      name: podName(n),
      labels: { app, 'app.kubernetes.io/name': app, ...pairs('label', 6) },
      annotations: { 'prometheus.io/scrape': 'true', ...pairs('annotation', 8) },
    },
    spec: {
      nodeName: `node-${String(n % 100)}`,
      terminationGracePeriodSeconds: 0,
      containers: range(2).map((i) => ({
        name: `container-${String(i)}`,
        image: `registry.example.com/team/${app}:v1.2.3`,
        env,
        ports: [{ name: `metrics-${String(i)}`, containerPort: 9090 + i }],
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
      })),
    },
  };
}

export function podName(n: number): string {
  return `pod-${String(n).padStart(5, '0')}`;
}

/** Creates running pods, several at a time. */
export async function createPods(
  cluster: Cluster,
  namespace: string,
  count: number,
): Promise<void> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const numbers = range(count).values();
  const worker = async (): Promise<void> => {
    for (const n of numbers) {
      await cluster.api('POST', pods, manifest(n));
      const ip = `10.${String((n >> 16) & 255)}.${String((n >> 8) & 255)}.${String(n & 255)}`;
      const status = { phase: 'Running', podIP: ip, podIPs: [{ ip }], hostIP: '192.168.0.1' };
      await cluster.api('PATCH', `${pods}/${podName(n)}/status`, { status }, mergePatch);
    }
  };
  await Promise.all(range(atATime).map(worker));
}

/** Writes number and time of a change into a pod's labels. */
export async function changePod(
  cluster: Cluster,
  namespace: string,
  change: { readonly number: number; readonly pod: number },
): Promise<void> {
  const labels = { change: String(change.number), sent: String(Date.now()) };
  const path = `/api/v1/namespaces/${namespace}/pods/${podName(change.pod)}`;
  await cluster.api('PATCH', path, { metadata: { labels } }, mergePatch);
}
