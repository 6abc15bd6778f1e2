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
import { isServing } from './server-probe.js';
import { ServerReturn } from './server-return.js';
import { SharedInformers } from './shared-informers.js';
import type { InformerTools, SharedInformer } from './shared-informer.js';
import { StorageCheck } from './storage-check.js';
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
  /** Whether a server that is not reached is asked every few seconds whether it is back. @default true */
  readonly isProbed?: boolean;
  /** Readiness waits for it beyond the start-up bound. @default true */
  readonly isRequired?: boolean;
  /** How often each cache is compared with a fresh list, in milliseconds; 0: never. @default 0 */
  readonly checkIntervalMs?: number;
  /** Called whenever the last informer has been closed by its last user. */
  readonly onUnused?: () => void;
}

/** One API server: its informers, and a connection that is made when the first of them needs it. */
export class ClusterAccess implements KubernetesAccess, ApiClient {
  readonly name: string;
  readonly isRequired: boolean;
  readonly #options: ClusterAccessOptions;
  readonly #informers: SharedInformers;
  readonly #serverReturn: ServerReturn;
  readonly #storageCheck: StorageCheck;
  #transport: Promise<ApiTransport> | undefined;
  #isClosed = false;

  constructor(options: ClusterAccessOptions) {
    const { clock, logger, name, random = Math.random, isProbed = true, onUnused } = options;
    const { checkIntervalMs = 0 } = options;
    this.name = name;
    this.isRequired = options.isRequired ?? true;
    this.#options = options;
    this.#serverReturn = new ServerReturn({
      clock,
      random,
      ...(isProbed && { probe: (signal) => isServing(this, clock, signal) }),
      onDown: () => {
        this.#storageCheck.noteDown();
      },
    });
    const tools = { client: this, clock, logger, serverReturn: this.#serverReturn };
    this.#storageCheck = new StorageCheck({
      ...tools,
      server: name,
      informers: () => this.#informers.list(),
    });
    const onOlderState: InformerTools['onOlderState'] = (seen, present, informer) => {
      this.#storageCheck.noteRestored(seen, present, informer);
    };
    this.#informers = new SharedInformers(
      { ...tools, random, checkIntervalMs, onOlderState },
      onUnused,
    );
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

  /** How often the storage of the server has gone back to an older revision. */
  get storageRestores(): number {
    return this.#storageCheck.restores;
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    const transport = await withSignal(this.#open(), request.signal);
    return transport.request(request);
  }

  close(): void {
    this.#isClosed = true;
    this.#informers.close();
    this.#serverReturn.close();
    this.#storageCheck.close();
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
