/**
 * A namespaced custom resource as the API server gives it. Labels and annotations are objects without a prototype;
 * `spec` is plain data of its author: nothing about it is checked.
 */
export interface ResourceObject {
  /** `monitoring.coreos.com/v1`. */
  readonly apiVersion: string;
  /** `ServiceMonitor`. */
  readonly kind: string;
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: unknown;
}
