import { ApiStatusError, type KubernetesService } from '../../kubernetes/index.js';
import { type Lease, type LeaseName, readLease } from './lease.js';

/** Where the Lease is kept. Each change names the version that it changes, so that of two replicas one is refused. */
export interface LeaseStore {
  readonly name: LeaseName;
  /** `undefined`: there is none. */
  read(signal: AbortSignal): Promise<Lease | undefined>;
  /** @throws ApiStatusError 409 when somebody was faster. */
  create(object: unknown, signal: AbortSignal): Promise<Lease>;
  /** @throws ApiStatusError 409 when somebody was faster. */
  replace(object: unknown, signal: AbortSignal): Promise<Lease>;
}

/** A Lease of the cluster that the allocator runs in. */
export class KubernetesLeaseStore implements LeaseStore {
  readonly #kind = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' } as const;

  constructor(
    private readonly kubernetes: KubernetesService,
    readonly name: LeaseName,
  ) {}

  async read(signal: AbortSignal): Promise<Lease | undefined> {
    try {
      return readLease(await this.kubernetes.readObject({ ...this.#kind, ...this.name }, signal));
    } catch (error) {
      if (error instanceof ApiStatusError && error.status === 404) return undefined;
      throw error;
    }
  }

  async create(object: unknown, signal: AbortSignal): Promise<Lease> {
    const { namespace } = this.name;
    return readLease(
      await this.kubernetes.createObject({ ...this.#kind, namespace }, object, signal),
    );
  }

  async replace(object: unknown, signal: AbortSignal): Promise<Lease> {
    return readLease(
      await this.kubernetes.replaceObject({ ...this.#kind, ...this.name }, object, signal),
    );
  }
}
