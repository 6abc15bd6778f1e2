import { chmod, chown, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '../../../fixtures/cluster/cluster.js';
import { containerOf, type PodManifest, type Volume, type Workload } from './manifest.js';

const accountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Read from by everybody. */
const usualMode = 0o644;

type Files = ReadonlyMap<string, Buffer>;

/**
 * Makes the volumes of a pod in a folder, of what the API server has, and gives its mounts: `from:to`, those that may be
 * written to with `:rw`.
 */
export async function mountVolumes(
  workload: Workload,
  cluster: Cluster,
  folder: string,
): Promise<readonly string[]> {
  const { namespace } = workload.metadata;
  const pod = workload.spec.template.spec;
  const fsGroup = pod.securityContext?.fsGroup;
  for (const volume of pod.volumes) {
    const at = join(folder, volume.name);
    if (volume.emptyDir !== undefined) {
      await mkdir(at);
      await chmod(at, 0o777);
      continue;
    }
    const mode = volume.secret?.defaultMode ?? usualMode;
    await writeVolume(at, await filesOf(volume, namespace, cluster), { mode, fsGroup });
  }
  if (pod.automountServiceAccountToken === false) return mountsOf(workload, folder);
  const account = await accountFiles(pod, namespace, cluster);
  await writeVolume(join(folder, 'service-account'), account, { mode: usualMode, fsGroup });
  return [...mountsOf(workload, folder), `${join(folder, 'service-account')}:${accountPath}`];
}

function mountsOf(workload: Workload, folder: string): readonly string[] {
  const { volumes } = workload.spec.template.spec;
  const mounts = containerOf(workload).volumeMounts;
  return (
    mounts
      // Which the sandbox has empty, too.
      .filter(({ mountPath }) => mountPath !== '/tmp')
      .map(({ name, mountPath, subPath = '' }) => {
        const volume = volumes.find((candidate) => candidate.name === name);
        if (volume === undefined) throw new Error(`${mountPath}: no volume ${name}`);
        const suffix = volume.emptyDir === undefined ? '' : ':rw';
        return `${join(folder, name, subPath)}:${mountPath}${suffix}`;
      })
  );
}

async function filesOf(volume: Volume, namespace: string, cluster: Cluster): Promise<Files> {
  const { configMap, secret } = volume;
  const core = `/api/v1/namespaces/${namespace}`;
  if (configMap !== undefined) {
    const found = await dataAt(cluster, `${core}/configmaps/${configMap.name}`);
    const items = configMap.items ?? Object.keys(found).map((key) => ({ key, path: key }));
    return new Map(items.map(({ key, path }) => [path, Buffer.from(found[key] ?? '')]));
  }
  if (secret === undefined) throw new Error(`${volume.name}: a volume of what?`);
  const found = await dataAt(cluster, `${core}/secrets/${secret.secretName}`);
  return new Map(Object.entries(found).map(([key, text]) => [key, Buffer.from(text, 'base64')]));
}

async function dataAt(cluster: Cluster, path: string): Promise<Readonly<Record<string, string>>> {
  const object = (await cluster.api('GET', path)) as {
    readonly data?: Readonly<Record<string, string>>;
  };
  return object.data ?? {};
}

/** What is projected for a service account: a token that the API server made for it. */
async function accountFiles(pod: PodManifest, namespace: string, cluster: Cluster): Promise<Files> {
  const account = `/api/v1/namespaces/${namespace}/serviceaccounts/${pod.serviceAccountName}`;
  const made = (await cluster.api('POST', `${account}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 3_600 },
  })) as { readonly status: { readonly token: string } };
  return new Map([
    ['token', Buffer.from(made.status.token)],
    ['ca.crt', await readFile(cluster.caFile)],
    ['namespace', Buffer.from(namespace)],
  ]);
}

/** As the kubelet lays them: links through one folder, which a change exchanges. */
async function writeVolume(
  at: string,
  files: Files,
  owner: { readonly mode: number; readonly fsGroup: number | undefined },
): Promise<void> {
  const version = '..2026_01_01_00_00_00.1';
  await mkdir(join(at, version), { recursive: true });
  await symlink(version, join(at, '..data'));
  for (const [name, content] of files) {
    const file = join(at, version, name);
    await writeFile(file, content);
    // Who is not root runs the container under its own name, and owns the files there.
    if (owner.fsGroup !== undefined && process.getuid?.() === 0) {
      await chown(file, 0, owner.fsGroup);
    }
    await chmod(file, owner.mode);
    await symlink(join('..data', name), join(at, name));
  }
}
