import type {
  Clock,
  Informer,
  InformerRequest,
  KubernetesAccess,
  Logger,
} from '../../plugin-api/index.js';
import type { ApiClient, ApiRequest, ApiResponse } from './api-connection.js';
import { ApiTransport, type ApiTransportOptions } from './api-transport.js';
import type { InformerStatus } from './informer-health.js';
import type { ApiServer } from './api-server.js';
import { ApiConnectionError } from './kubernetes.errors.js';
import { SharedInformers } from './shared-informers.js';
import type { SharedInformer } from './shared-informer.js';
import { withSignal } from './with-signal.js';

export interface ClusterAccessOptions extends Pick<
  ApiTransportOptions,
  'ping' | 'connectTimeoutMs'
> {
  /** Names the server in logs and metrics. */
  readonly name: string;
  /** Says how the server is reached; asked again at the next request when it fails. */
  readonly open: () => Promise<ApiServer>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Draws from [0, 1). @default Math.random */
  readonly random?: () => number;
  /** Called whenever the last informer has been closed by its last user. */
  readonly onUnused?: () => void;
}

/** One API server: its informers, and a connection that is made when the first of them needs it. */
export class ClusterAccess implements KubernetesAccess, ApiClient {
  readonly name: string;
  readonly #options: ClusterAccessOptions;
  readonly #informers: SharedInformers;
  #transport: Promise<ApiTransport> | undefined;
  #isClosed = false;

  constructor(options: ClusterAccessOptions) {
    const { clock, logger, name, random = Math.random, onUnused } = options;
    this.name = name;
    this.#options = options;
    this.#informers = new SharedInformers({ client: this, clock, logger, random }, onUnused);
  }

  informer<T>(request: InformerRequest<T>): Informer<T> {
    return this.#informers.informer(request);
  }

  informers(): readonly SharedInformer<unknown>[] {
    return this.#informers.list();
  }

  statuses(): readonly InformerStatus[] {
    return this.#informers.list().map((informer) => informer.status);
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    const transport = await withSignal(this.#open(), request.signal);
    return transport.request(request);
  }

  close(): void {
    this.#isClosed = true;
    this.#informers.close();
    void this.#transport?.then(
      (transport) => {
        transport.close();
      },
      () => undefined,
    );
  }

  #open(): Promise<ApiTransport> {
    if (this.#isClosed) return Promise.reject(new ApiConnectionError(`${this.name}: closed`));
    this.#transport ??= this.#makeTransport();
    return this.#transport;
  }

  async #makeTransport(): Promise<ApiTransport> {
    try {
      return new ApiTransport(await this.#options.open(), this.#options);
    } catch (error) {
      this.#transport = undefined;
      throw error;
    }
  }
}
