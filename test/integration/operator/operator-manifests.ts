import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KubernetesObject, parseObjects } from '../deploy/chart.js';
import type { ServiceManifest, Workload } from '../deploy/pod/manifest.js';

/** What one file of manifests/ is about. */
export type CaseName = 'statefulset' | 'prometheus-cr' | 'mtls' | 'daemonset' | 'standalone';

/** A certificate that cert-manager is asked for. */
export interface CertificateRequest {
  readonly secretName: string;
  readonly dnsNames?: readonly string[];
  readonly usages?: readonly string[];
  readonly subject: { readonly organizationalUnits: readonly string[] };
}

/** What OpenTelemetry Operator 0.158.0 makes of the resources that stand before it in the same file. */
export class OperatorManifests {
  private readonly objects: readonly KubernetesObject[];

  constructor(name: CaseName) {
    this.objects = readManifests(name);
  }

  /** What the API server has kinds for. */
  get builtIn(): readonly KubernetesObject[] {
    return this.objects.filter(
      ({ apiVersion }) => !/^(opentelemetry|cert-manager)/.test(apiVersion),
    );
  }

  get allocator(): Workload {
    return this.#find(['Deployment'], '-targetallocator') as unknown as Workload;
  }

  get service(): ServiceManifest {
    return this.#find(['Service'], '-targetallocator') as unknown as ServiceManifest;
  }

  get collectors(): KubernetesObject {
    return this.#find(['StatefulSet', 'DaemonSet'], '-collector');
  }

  get certificates(): readonly CertificateRequest[] {
    const found = this.objects.filter(({ kind }) => kind === 'Certificate');
    return found.map(({ spec }) => spec as unknown as CertificateRequest);
  }

  #find(kinds: readonly string[], suffix: string): KubernetesObject {
    const found = this.objects.find(
      ({ kind, metadata }) => kinds.includes(kind) && metadata.name.endsWith(suffix),
    );
    if (found === undefined) throw new Error(`there is no ${kinds.join(' or ')} …${suffix}`);
    return found;
  }
}

export function readManifests(name: CaseName | 'roles'): readonly KubernetesObject[] {
  return parseObjects(readFileSync(join(import.meta.dirname, 'manifests', `${name}.yaml`), 'utf8'));
}
