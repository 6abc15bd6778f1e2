/** Custom resources are to be watched, and there is no API server to watch them at. */
export class NoClusterError extends Error {
  readonly code = 'TA_CUSTOM_RESOURCES_NO_KUBERNETES';

  constructor(kind: string) {
    super(
      `TA_CUSTOM_RESOURCES_NO_KUBERNETES: ${kind}s cannot be watched: there is neither a kubeconfig file nor a service ` +
        'account of a pod; set kube_config_file_path, or switch prometheus_cr off',
    );
    this.name = 'NoClusterError';
  }
}
