// Renders deploy/kustomize from the chart, so that there is one source for both:
// node scripts/render-kustomize.mjs [--helm program] [--to folder]
// `base` is the chart with values/base.yaml. Each other file of values/ becomes an overlay: what differs from the base.
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs, promisify } from 'node:util';
import { format } from 'prettier';
import { parseAllDocuments, stringify } from 'yaml';

const run = promisify(execFile);
const repository = resolve(import.meta.dirname, '..');
const chart = join(repository, 'deploy/helm/target-allocator');
const valuesFolder = join(repository, 'deploy/kustomize/values');
const release = 'target-allocator';
/** Labels and annotations that mean something to Helm only. */
const ofHelm = ['helm.sh/chart', 'app.kubernetes.io/managed-by', 'checksum/config'];
const generated =
  'Made by scripts/render-kustomize.mjs from the chart: change that, or write an overlay.';

const { values } = parseArgs({
  options: {
    helm: { type: 'string', default: 'helm' },
    to: { type: 'string', default: join(repository, 'deploy/kustomize') },
  },
});
const output = resolve(values.to);
const names = (await readdir(valuesFolder)).map((file) => file.replace(/\.yaml$/, ''));
const base = await rendered('base');
for (const folder of ['base', 'overlays'])
  await rm(join(output, folder), { recursive: true, force: true });
await writeFolder('base', baseOf(base));
for (const name of names.filter((other) => other !== 'base')) {
  await writeFolder(`overlays/${name}`, overlayOf(base, await rendered(name)));
}

/** The objects of the chart, by kind and name. */
async function rendered(name) {
  const file = join(valuesFolder, `${name}.yaml`);
  const args = ['template', release, chart, '--namespace', release, '--values', file];
  const { stdout } = await run(values.helm, args, { maxBuffer: 16 * 1024 * 1024 });
  const objects = parseAllDocuments(stdout)
    .map((document) => document.toJS())
    .filter((object) => object !== null && !object.metadata.annotations?.['helm.sh/hook']);
  return new Map(
    objects.map((object) => [`${object.kind}/${object.metadata.name}`, plain(object)]),
  );
}

/** Without what Helm alone wants to know. The namespace is that of the kustomization. */
function plain(object) {
  const { namespace, ...metadata } = object.metadata;
  const isElsewhere = namespace !== undefined && namespace !== release;
  if (isElsewhere)
    throw new Error(
      `${object.kind} ${metadata.name} is in ${namespace}, which kustomize would change`,
    );
  const template = object.spec?.template;
  for (const { labels = {}, annotations = {} } of [metadata, template?.metadata ?? {}]) {
    for (const key of ofHelm) {
      delete labels[key];
      delete annotations[key];
    }
  }
  if (isDeepStrictEqual(template?.metadata.annotations, {})) delete template.metadata.annotations;
  // Kustomize fills it in, but does not follow one that is there to another namespace.
  const subjects = object.subjects?.map(({ namespace: _, ...subject }) => subject);
  return { ...object, metadata, ...(subjects !== undefined && { subjects }) };
}

function baseOf(objects) {
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: release, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  };
  const files = filesOf([namespace, ...objects.values()]);
  const kustomization = { namespace: release, ...kustomizationOf(objects.values(), files) };
  const image = { name: release, newName: release, newTag: tagOf(objects) };
  return { ...files, 'kustomization.yaml': { ...kustomization, images: [image] } };
}

function overlayOf(former, objects) {
  const changed = [...objects].filter(
    ([key, object]) => !isDeepStrictEqual(former.get(key), object),
  );
  const added = changed.filter(([key]) => !former.has(key)).map(([, object]) => object);
  const replaced = changed.filter(([key]) => former.has(key)).map(([, object]) => object);
  const removed = [...former].filter(([key]) => !objects.has(key)).map(([, object]) => object);
  const files = filesOf([...added, ...replaced.filter(isConfigMap)]);
  const { resources, configMapGenerator } = kustomizationOf([...added, ...replaced], files);
  const patches = [
    ...replaced.filter((object) => !isConfigMap(object)).map((object) => patchOf(former, object)),
    ...removed.map(({ apiVersion, kind, metadata: { name } }) => ({
      patch: stringify({ apiVersion, kind, metadata: { name }, $patch: 'delete' }),
    })),
  ];
  const generators = configMapGenerator?.map((generator) => ({
    ...generator,
    ...(former.has(`ConfigMap/${generator.name}`) && { behavior: 'replace' }),
  }));
  return {
    ...files,
    'kustomization.yaml': {
      // For what is added here; that of the base counts in the base only.
      namespace: release,
      resources: ['../../base', ...resources],
      ...(generators !== undefined && { configMapGenerator: generators }),
      ...(patches.length > 0 && { patches }),
    },
  };
}

/** Sets what differs as a whole: lists of a base must not shine through. */
function patchOf(former, object) {
  const { apiVersion, kind, metadata } = object;
  const before = former.get(`${kind}/${metadata.name}`);
  const keys = Object.keys(object).filter((key) => !isDeepStrictEqual(before[key], object[key]));
  const operations = keys.map((key) => ({ op: 'replace', path: `/${key}`, value: object[key] }));
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const target = { ...(group !== '' && { group }), version, kind, name: metadata.name };
  return { target, patch: stringify(operations) };
}

/** A file for each kind; what is in a ConfigMap is a file of its own, as people edit it. */
function filesOf(objects) {
  const files = {};
  for (const object of objects) {
    if (isConfigMap(object)) Object.assign(files, object.data);
    else (files[`${kebab(object.kind)}.yaml`] ??= []).push(object);
  }
  return files;
}

function kustomizationOf(objects, files) {
  const maps = [...objects].filter(isConfigMap);
  const resources = Object.keys(files).filter((file) => Array.isArray(files[file]));
  if (maps.length === 0) return { resources };
  const configMapGenerator = maps.map(({ data, metadata: { name, labels } }) => ({
    name,
    files: Object.keys(data),
    // The allocator follows its file: with a hash in the name each change would be a restart.
    options: { labels, ...(name === release && { disableNameSuffixHash: true }) },
  }));
  return { resources, configMapGenerator };
}

function isConfigMap({ kind }) {
  return kind === 'ConfigMap';
}

function tagOf(objects) {
  const [container] = objects.get(`Deployment/${release}`).spec.template.spec.containers;
  return container.image.split(':').at(-1);
}

function kebab(kind) {
  return kind.replaceAll(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase();
}

async function writeFolder(name, files) {
  const folder = join(output, name);
  await mkdir(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    await writeFile(
      join(folder, file),
      await format(textOf(content), { parser: 'yaml', singleQuote: true }),
    );
  }
}

function textOf(content) {
  if (typeof content === 'string') return content;
  const yaml = (value) => stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });
  if (Array.isArray(content)) return `# ${generated}\n${content.map(yaml).join('---\n')}`;
  const head = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' };
  return `# ${generated}\n${yaml({ ...head, ...content })}`;
}
