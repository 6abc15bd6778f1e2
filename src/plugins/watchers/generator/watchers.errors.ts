/** A watcher of custom resources in a host that watches none. */
export class CustomResourcesAbsentError extends Error {
  readonly code = 'TA_CUSTOM_RESOURCES_ABSENT';

  /** @param watcher The definition's name: `service-monitor`. */
  constructor(watcher: string) {
    super(
      `TA_CUSTOM_RESOURCES_ABSENT: ${watcher}: this host watches no custom resources; run it with access to a Kubernetes cluster, or turn prometheus_cr.enabled off`,
    );
    this.name = 'CustomResourcesAbsentError';
  }
}
