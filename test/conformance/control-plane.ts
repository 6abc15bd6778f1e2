import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../fixtures/eventually.js';
import { freePorts } from '../fixtures/free-ports.js';
import { Program } from '../fixtures/program.js';
import { rawRequest } from '../fixtures/raw-request.js';
import { certificatesFolder } from './paths.js';

const token = 'admintoken';

export interface ControlPlanePrograms {
  readonly etcd: string;
  readonly apiserver: string;
}

/** etcd and kube-apiserver on loopback, without any controller. */
export class ControlPlane {
  readonly #programs: Program[] = [];
  readonly #folder: string;
  readonly #port: number;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
  }

  get kubeconfigPath(): string {
    return join(this.#folder, 'kubeconfig');
  }

  static async start(programs: ControlPlanePrograms): Promise<ControlPlane> {
    const folder = await mkdtemp(join(tmpdir(), 'conformance-cluster-'));
    const [clientPort = 0, peerPort = 0, port = 0] = await freePorts(3);
    const cluster = new ControlPlane(folder, port);
    try {
      cluster.#programs.push(startEtcd(programs.etcd, folder, clientPort, peerPort));
      cluster.#programs.push(await startApiserver(programs.apiserver, folder, clientPort, port));
      await writeFile(cluster.kubeconfigPath, kubeconfig(port));
      await cluster.#waitFor('/readyz');
      await cluster.#waitFor('/api/v1/namespaces/default');
    } catch (error) {
      const output = cluster.#programs.map((program) => program.output.slice(-1_000)).join('\n');
      await cluster.stop();
      throw new Error(`the control plane did not start:\n${output}`, { cause: error });
    }
    return cluster;
  }

  async request(method: string, path: string, body?: unknown, contentType = 'application/json') {
    const answer = await rawRequest({
      port: this.#port,
      path,
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': contentType,
        accept: 'application/json',
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      tls: {},
    });
    return { status: answer.status, text: answer.text };
  }

  async #waitFor(path: string): Promise<void> {
    await eventually(
      `GET ${path}`,
      async () => {
        if (this.#programs.some((program) => !program.isRunning)) throw new Error('it has exited');
        return (await this.request('GET', path)).status === 200 ? true : undefined;
      },
      { timeoutMs: 120_000, everyMs: 200 },
    );
  }

  async stop(): Promise<void> {
    for (const program of this.#programs.toReversed()) await program.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function startEtcd(command: string, folder: string, clientPort: number, peerPort: number): Program {
  const client = `http://127.0.0.1:${String(clientPort)}`;
  const peer = `http://127.0.0.1:${String(peerPort)}`;
  return new Program(command, [
    ...['--data-dir', join(folder, 'etcd')],
    ...['--listen-client-urls', client, '--advertise-client-urls', client],
    ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer],
    ...['--initial-cluster', `default=${peer}`],
    ...['--unsafe-no-fsync', '--log-level', 'error'],
  ]);
}

async function startApiserver(
  command: string,
  folder: string,
  etcdPort: number,
  port: number,
): Promise<Program> {
  const key = join(certificatesFolder, 'sa.key');
  const tokens = join(folder, 'tokens.csv');
  await writeFile(tokens, `${token},admin,admin,system:masters\n`);
  return new Program(command, [
    ...['--etcd-servers', `http://127.0.0.1:${String(etcdPort)}`],
    ...['--bind-address', '127.0.0.1', '--advertise-address', '127.0.0.1'],
    ...['--secure-port', String(port), '--cert-dir', join(folder, 'pki')],
    ...['--service-account-key-file', key, '--service-account-signing-key-file', key],
    ...['--service-account-issuer', 'https://kubernetes.default.svc'],
    ...['--token-auth-file', tokens, '--authorization-mode', 'RBAC'],
    ...['--service-cluster-ip-range', '10.96.0.0/16,fd00:10:96::/112'],
    ...['--endpoint-reconciler-type', 'none', '--allow-privileged=true'],
    ...['--disable-admission-plugins', 'ServiceAccount', '--v=0'],
  ]);
}

function kubeconfig(port: number): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [
      {
        name: 'test',
        cluster: {
          server: `https://127.0.0.1:${String(port)}`,
          'insecure-skip-tls-verify': true,
        },
      },
    ],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
  });
}
