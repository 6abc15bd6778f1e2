/** Fields that name files without saying so in the end of their name. */
const fileFields = new Set([
  'files',
  'credentials_file_path',
  'private_key_path',
  'service_account_key_path',
]);
/** Maps whose keys are the author's: a parameter named `key_file` is no file. */
const mapsOfAuthor = new Set([
  'params',
  'labels',
  'endpoint_params',
  'claims',
  'proxy_connect_header',
  'node_meta',
]);
/** Fields with a URL, which may lead into the file system: `unix:///var/run/docker.sock`. */
const urlFields = new Set(['host', 'api_server', 'server', 'url', 'proxy_url', 'token_url']);

/** A field of a job that makes whoever runs the job read a file. */
export interface FileReference {
  /** `tls_config.ca_file`, `file_sd_configs[0].files` */
  readonly path: string;
  /** What is written there. */
  readonly value: string;
}

/**
 * The files that a job names, anywhere in it: for its own requests (authorization, TLS, OAuth2, headers), for those of its
 * discoveries, and as targets (`file_sd_configs`). What a job names is read with the rights of the collector, or of the
 * allocator, and sent to a server that the job's author chose.
 *
 * @param document A job of plain data, as a custom resource was converted to it.
 * @param kubeconfigFile What the allocator itself writes as `kubeconfig_file`; it is nobody's choice.
 * @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/
 */
export function fileReferences(document: object, kubeconfigFile: string): readonly FileReference[] {
  return [...referencesIn(document, '')].filter(
    ({ path, value }) => !path.endsWith('.kubeconfig_file') || value !== kubeconfigFile,
  );
}

function* referencesIn(value: unknown, path: string): Generator<FileReference> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      yield* referencesIn(item, `${path}[${String(index)}]`);
    }
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, field] of Object.entries(value)) {
    const place = path === '' ? name : `${path}.${name}`;
    const file = fileIn(name, field);
    if (file !== undefined) yield { path: place, value: file };
    else if (!mapsOfAuthor.has(name)) yield* referencesIn(field, place);
  }
}

function fileIn(name: string, field: unknown): string | undefined {
  if (name.endsWith('_file') || fileFields.has(name)) {
    const names: readonly unknown[] = Array.isArray(field) ? field : [field];
    return names.filter((file) => typeof file === 'string').find((file) => file !== '');
  }
  if (!urlFields.has(name) || typeof field !== 'string') return undefined;
  return /^(?:unix|file|npipe):/i.test(field.trim()) ? field : undefined;
}
