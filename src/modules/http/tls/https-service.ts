import type { RequestListener } from 'node:http';
import type { Clock, Logger, Meter } from '../../../plugin-api/index.js';
import { type HttpsConfig, PathWatcher } from '../../config/index.js';
import type { ServerLimits } from '../server/server-limits.js';
import type { FilesChange, FollowedFiles } from './followed-files.js';
import { HttpsListener } from './https-listener.js';
import { HttpsMetrics } from './https-metrics.js';
import {
  type ClientAuthorities,
  firstExpiryMs,
  type ServerIdentity,
  type TlsFiles,
} from './tls-files.js';

export interface HttpsParts {
  readonly config: HttpsConfig;
  readonly files: TlsFiles;
  readonly onRequest: RequestListener;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly limits?: Partial<ServerLimits>;
}

/** Serves over TLS and follows the files: the certificate with its key, and the authorities of clients. */
export class HttpsService {
  readonly #parts: HttpsParts;
  readonly #listener: HttpsListener;
  readonly #stopping = new AbortController();
  #watching: Promise<void> = Promise.resolve();

  constructor(parts: HttpsParts) {
    const { files, onRequest, logger, meter, clock, limits = {} } = parts;
    this.#parts = parts;
    const metrics = new HttpsMetrics(meter, clock, files);
    this.#listener = new HttpsListener({
      identity: files.identity.current,
      authorities: files.authorities.current,
      onRequest,
      onRefused: (error) => {
        metrics.refused();
        logger.debug('client refused', { error });
      },
      limits,
    });
  }

  /** Resolves with the port; rejects when it cannot listen. */
  async start(address: { readonly host: string; readonly port: number }): Promise<number> {
    const port = await this.#listener.listen(address);
    const { config, clock, logger } = this.#parts;
    const paths = [config.tlsCertFilePath, config.tlsKeyFilePath, config.caFilePath];
    const watcher = new PathWatcher({
      paths: () => paths,
      onMaybeChanged: () => this.#look(),
      clock,
      logger,
    });
    this.#watching = watcher.run(this.#stopping.signal);
    return port;
  }

  /** Finishes requests; resolves when nothing of it runs any more. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#watching, this.#listener.close()]);
  }

  async #look(): Promise<void> {
    const { identity, authorities } = this.#parts.files;
    const changes = await Promise.all([identity.look(), authorities.look()]);
    const [ofIdentity, ofAuthorities] = changes;
    this.#report('certificate', ofIdentity, identity);
    this.#report('ca', ofAuthorities, authorities);
    if (changes.some(({ kind }) => kind === 'accepted')) {
      this.#listener.replace(identity.current, authorities.current);
    }
  }

  #report(
    file: 'certificate' | 'ca',
    change: FilesChange,
    { current }: FollowedFiles<ServerIdentity | ClientAuthorities>,
  ): void {
    const { logger } = this.#parts;
    if (change.kind === 'refused') {
      logger.error('a new file of HTTPS cannot be used, the former one stays in force', {
        file,
        error: change.error,
      });
    }
    if (change.kind === 'accepted') {
      logger.info('a new file of HTTPS is in force', {
        file,
        serial: current.certificates[0].serialNumber,
        expires: new Date(firstExpiryMs(current.certificates)).toISOString(),
      });
    }
  }
}
