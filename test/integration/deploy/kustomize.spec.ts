import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  chartFolder,
  helm,
  kustomize,
  type KubernetesObject,
  parseObjects,
  podsOf,
  repository,
  theOnly,
} from './chart.js';

const run = promisify(execFile);
const committed = join(repository, 'deploy/kustomize');
const namespace = 'target-allocator';

async function filesBelow(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  const texts = paths.map(async (path) => [
    path.slice(folder.length),
    await readFile(path, 'utf8'),
  ]);
  return Object.fromEntries(await Promise.all(texts)) as Record<string, string>;
}

const ofHelm = ['helm.sh/chart', 'app.kubernetes.io/managed-by', 'checksum/config'];

/** By kind and name, without what one of the tools adds, and without the hash in a name. */
function byName(yaml: string): Readonly<Record<string, unknown>> {
  const text = yaml.replaceAll(/(target-allocator-collector)-[a-z0-9]{10}\b/g, '$1');
  const own = parseObjects(text).filter(
    ({ kind, metadata }) => kind !== 'Namespace' && !metadata.annotations?.['helm.sh/hook'],
  );
  return Object.fromEntries(
    own.map((object) => [`${object.kind}/${object.metadata.name}`, withoutTools(object)]),
  );
}

function withoutTools(object: KubernetesObject): unknown {
  const data = Object.entries(object.data ?? {}).map(([file, text]) => [
    file,
    parse(text) as unknown,
  ]);
  const read = { ...object, ...(object.data && { data: Object.fromEntries(data) as unknown }) };
  return JSON.parse(JSON.stringify(read), (key, value: unknown) => {
    const isNothing = ofHelm.includes(key) || (key === 'annotations' && isEmpty(value));
    return isNothing ? undefined : value;
  });
}
function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

describe.skipIf(helm === undefined || kustomize === undefined)('kustomizations', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kustomize-'));
    const script = join(repository, 'scripts/render-kustomize.mjs');
    await run(process.execPath, [script, '--helm', helm ?? '', '--to', folder]);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(['base', 'overlays'])('%s is what the chart renders to', async (part) => {
    expect(await filesBelow(join(committed, part))).toEqual(await filesBelow(join(folder, part)));
  });

  it.each([
    ['base', 'base'],
    ['statefulset', 'overlays/statefulset'],
    ['daemonset', 'overlays/daemonset'],
    ['namespace-scoped', 'overlays/namespace-scoped'],
  ])('%s builds to the same objects as the chart', async (values, path) => {
    const built = await run(kustomize ?? '', ['build', join(committed, path)]);
    const file = join(committed, 'values', `${values}.yaml`);
    const release = ['template', namespace, chartFolder, '--namespace', namespace];
    const rendered = await run(helm ?? '', [...release, '--values', file]);
    expect(byName(built.stdout)).toEqual(byName(rendered.stdout));
  });

  it('go to another namespace as a whole, with a configuration and an image of their own', async () => {
    const mine = join(folder, 'mine');
    await mkdir(mine);
    const replaced = { name: namespace, behavior: 'replace', files: ['targetallocator.yaml'] };
    const kustomization = {
      namespace: 'mine',
      resources: [relative(mine, join(committed, 'overlays/statefulset'))],
      images: [{ name: namespace, newName: 'registry.example.org/ta' }],
      configMapGenerator: [{ ...replaced, options: { disableNameSuffixHash: true } }],
    };
    await writeFile(join(mine, 'kustomization.yaml'), JSON.stringify(kustomization));
    await writeFile(join(mine, 'targetallocator.yaml'), 'own: yes');
    const objects = parseObjects((await run(kustomize ?? '', ['build', mine])).stdout);
    const others = objects.filter(({ kind }) => kind !== 'Namespace');
    expect(new Set(others.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['mine']));
    expect(theOnly(objects, 'Namespace').metadata.name).toBe('mine');
    expect(theOnly(objects, 'RoleBinding').subjects).toEqual([
      { kind: 'ServiceAccount', name: namespace, namespace: 'mine' },
    ]);
    const { container, spec } = podsOf(objects);
    expect(container.image).toBe('registry.example.org/ta:0.1.0');
    expect(spec.volumes[0]?.configMap?.name).toBe(namespace);
    const maps = objects.filter(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === namespace,
    );
    expect(maps).toMatchObject([{ data: { 'targetallocator.yaml': 'own: yes' } }]);
  });

  it('has an overlay for each set of values', async () => {
    const names = (await readdir(join(committed, 'values'))).map((file) => file.split('.')[0]);
    const overlays = await readdir(join(committed, 'overlays'));
    expect(['base', ...overlays].toSorted()).toEqual(names.toSorted());
  });
});
