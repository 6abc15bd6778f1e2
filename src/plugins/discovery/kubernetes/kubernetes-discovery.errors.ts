/** A configuration that asks for what there is not where the allocator runs. */
export class KubernetesDiscoveryError extends Error {
  readonly code = 'TA_KUBERNETES_SD';

  constructor(reason: string) {
    super(`TA_KUBERNETES_SD: ${reason}`);
    this.name = 'KubernetesDiscoveryError';
  }
}
