import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../../../fixtures/cluster/cluster.js';
import { eventually } from '../../../fixtures/eventually.js';
import { Program } from '../../../fixtures/program.js';
import type { BuiltImage } from '../../image/built-image.js';
import { containerOf, environmentOf, portOf, type Probe, type Workload } from './manifest.js';
import { mountVolumes } from './volumes.js';

/** Where the API server is for the pod. */
const apiPort = 6443;
const network = join(import.meta.dirname, 'pod-network.mjs');

export interface PodAnswer {
  readonly status: number;
  readonly text: string;
}
/** How a client speaks TLS, and to whom. */
export interface ClientTls {
  readonly ca: string;
  readonly servername: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * The only container of a workload's pod, run from the image as a kubelet would run it: its args, environment, volumes,
 * service account and ports, in a network of its own.
 */
export class ImagePod {
  private constructor(
    private readonly folder: string,
    private readonly workload: Workload,
    private readonly api: Server,
    /** Its output is the container's. */
    readonly program: Program,
  ) {}

  /** Everything that the pod names must be in the cluster. */
  static async start(image: BuiltImage, cluster: Cluster, workload: Workload): Promise<ImagePod> {
    const folder = await mkdtemp(join(tmpdir(), 'pod-'));
    // The user of the image comes through it.
    await chmod(folder, 0o755);
    const container = containerOf(workload);
    const api = await listenFor(cluster, join(folder, 'api.sock'));
    const settings = join(folder, 'network.json');
    const bridges = [
      { listen: apiPort, connect: join(folder, 'api.sock') },
      ...container.ports.map(({ containerPort: port }) => ({
        listen: join(folder, `${String(port)}.sock`),
        connect: port,
      })),
    ];
    const control = join(folder, 'control.sock');
    await writeFile(settings, JSON.stringify({ bridges, control }));
    const command = image.command({
      args: container.args ?? [],
      env: [
        ...environmentOf(workload),
        'KUBERNETES_SERVICE_HOST=127.0.0.1',
        `KUBERNETES_SERVICE_PORT=${String(apiPort)}`,
      ],
      mounts: await mountVolumes(workload, cluster, folder),
      isRootWritable: container.securityContext?.readOnlyRootFilesystem !== true,
    });
    const program = new Program(image.bwrap, [
      ...['--dev-bind', '/', '/', '--unshare-net', '--die-with-parent', '--'],
      ...[process.execPath, network, settings, '--', ...command],
    ]);
    const pod = new ImagePod(folder, workload, api, program);
    pod.#control = await eventually('the pod runs', () => connected(control)).catch(
      async (error: unknown) => {
        await pod.stop();
        throw new Error(program.output, { cause: error });
      },
    );
    return pod;
  }
  /** While it is open the pod runs. */
  #control: Socket | undefined;

  /** Asks a port of the container. */
  get(port: number, path: string, tls?: ClientTls): Promise<PodAnswer> {
    const socketPath = join(this.folder, `${String(port)}.sock`);
    return new Promise((resolve, reject) => {
      const outgoing =
        tls === undefined
          ? httpRequest({ socketPath, path, agent: false })
          : httpsRequest({ socketPath, path, agent: false, ...tls });
      outgoing.once('error', reject);
      outgoing.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, text });
        });
      });
      outgoing.end();
    });
  }

  probe({ httpGet: { path, port } }: Probe): Promise<PodAnswer> {
    return this.get(portOf(containerOf(this.workload), port), path);
  }

  /** Until all of its probes succeed. */
  async waitUntilReady(): Promise<void> {
    const { startupProbe, livenessProbe, readinessProbe } = containerOf(this.workload);
    const probes = [startupProbe, livenessProbe, readinessProbe].filter((p) => p !== undefined);
    await eventually('the pod is ready', async () => {
      if (!this.program.isRunning) return false;
      for (const probe of probes) {
        const { status, text } = await this.probe(probe);
        if (status !== 200) throw new Error(text);
      }
      return true;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.program.output}`, { cause: error });
    });
    if (!this.program.isRunning) throw new Error(`it has ended:\n${this.program.output}`);
  }

  /** Ends the container as a kubelet does, and gives its exit code. */
  async stop(): Promise<number | string> {
    if (this.#control === undefined) await this.program.kill();
    this.#control?.destroy();
    const code = await this.program.exited;
    this.api.close();
    await rm(this.folder, { recursive: true, force: true });
    return code;
  }
}

/** Leads what comes to a socket in the file system to the API server. */
async function listenFor(cluster: Cluster, path: string): Promise<Server> {
  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port: cluster.port });
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}

async function connected(path: string): Promise<Socket> {
  const socket = connect(path);
  await once(socket, 'connect');
  socket.on('error', () => socket.destroy());
  return socket;
}
