/** An etcd that did not answer as it should. The message says which one, what was asked, and why. */
export class EtcdError extends Error {
  readonly code = 'ETCD_FAILED';

  constructor(message: string, options?: ErrorOptions) {
    super(`ETCD_FAILED: ${message}`, options);
    this.name = 'EtcdError';
  }
}
