import type { Clock, Counter, Meter } from '../../../plugin-api/index.js';
import { firstExpiryMs, type TlsFiles } from './tls-files.js';

const millisecondsPerDay = 86_400_000;

/** What an operator must know of the listener before collectors are refused. */
export class HttpsMetrics {
  readonly #refused: Counter;

  constructor(meter: Meter, clock: Clock, { identity, authorities }: TlsFiles) {
    this.#refused = meter.counter({
      name: 'opentelemetry_allocator_https_refused_connections_total',
      help: 'Connections to the HTTPS listener that ended before the client was accepted.',
    });
    meter.observableGauge(
      {
        name: 'opentelemetry_allocator_https_file_up_to_date',
        help: 'Whether the HTTPS listener uses what stands in its files (1) or stays with a former content because it cannot be used (0).',
        labelNames: ['file'],
      },
      (report) => {
        report(identity.isUpToDate ? 1 : 0, { file: 'certificate' });
        report(authorities.isUpToDate ? 1 : 0, { file: 'ca' });
      },
    );
    meter.observableGauge(
      {
        name: 'opentelemetry_allocator_https_certificate_expiry_days',
        help: 'Days until the first certificate in the file that is in force expires; negative afterwards.',
        labelNames: ['file'],
      },
      (report) => {
        const daysOf = (expiryMs: number) => (expiryMs - clock.epochMs()) / millisecondsPerDay;
        report(daysOf(firstExpiryMs(identity.current.certificates)), { file: 'certificate' });
        report(daysOf(firstExpiryMs(authorities.current.certificates)), { file: 'ca' });
      },
    );
  }

  refused(): void {
    this.#refused.add(1);
  }
}
