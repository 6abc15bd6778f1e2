/** No way to reach a cluster, or a kubeconfig that says none. */
export class KubeConfigError extends Error {
  constructor(
    readonly code: 'TA_KUBECONFIG_NOT_FOUND' | 'TA_KUBECONFIG_INVALID',
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${message}`, options);
    this.name = 'KubeConfigError';
  }
}

/** An API server is to be reached in a way that cannot work. */
export class KubeServerConfigError extends Error {
  readonly code = 'TA_KUBE_SERVER_CONFIG';

  constructor(reason: string) {
    super(`TA_KUBE_SERVER_CONFIG: ${reason}`);
    this.name = 'KubeServerConfigError';
  }
}

/** The API server could not be reached, or the connection broke before an answer began. */
export class ApiConnectionError extends Error {
  readonly code = 'TA_KUBE_CONNECTION';

  constructor(message: string, options?: ErrorOptions) {
    super(`TA_KUBE_CONNECTION: ${message}`, options);
    this.name = 'ApiConnectionError';
  }
}

/** Nothing was heard for longer than a living server is silent. */
export class ApiTimeoutError extends Error {
  readonly code = 'TA_KUBE_TIMEOUT';

  constructor(message: string) {
    super(`TA_KUBE_TIMEOUT: ${message}`);
    this.name = 'ApiTimeoutError';
  }
}

/** An answer that is not what the Kubernetes API promises: cut JSON, broken UTF-8, a list without a version. */
export class ApiProtocolError extends Error {
  readonly code = 'TA_KUBE_PROTOCOL';

  constructor(message: string, options?: ErrorOptions) {
    super(`TA_KUBE_PROTOCOL: ${message}`, options);
    this.name = 'ApiProtocolError';
  }
}

/** A server without WatchList support was asked for it, or never sent the mark that ends the initial events. */
export class WatchListUnavailableError extends Error {
  readonly code = 'TA_KUBE_WATCH_LIST_UNAVAILABLE';

  constructor(
    message: string,
    /** The server said so itself; otherwise the mark was waited for in vain. */
    readonly isRefused: boolean,
  ) {
    super(`TA_KUBE_WATCH_LIST_UNAVAILABLE: ${message}`);
    this.name = 'WatchListUnavailableError';
  }
}

/** What is held is not what the server has: it is to be listed anew. */
export class RelistRequest extends Error {
  readonly code = 'TA_KUBE_RELIST';

  constructor() {
    super('TA_KUBE_RELIST: what is held is not what the server has');
    this.name = 'RelistRequest';
  }
}

/** The informer was closed while its first sync was awaited. */
export class InformerClosedError extends Error {
  readonly code = 'TA_KUBE_INFORMER_CLOSED';

  constructor(resource: string) {
    super(`TA_KUBE_INFORMER_CLOSED: the informer of ${resource} was closed before its first sync`);
    this.name = 'InformerClosedError';
  }
}
