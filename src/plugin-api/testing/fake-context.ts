import type { HttpClientConfig } from '../../core/scrape-config/model.js';
import type {
  Clock,
  HttpClient,
  LogFields,
  Logger,
  Meter,
  MetricLabels,
  PluginContext,
} from '../context.js';
import { ContractError } from './contract-runner.js';
import { FakeClock } from './fake-clock.js';

/** One log line. */
export interface LoggedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly logger: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** A logger that keeps its lines. */
export class RecordingLogger implements Logger {
  constructor(
    readonly lines: LoggedLine[] = [],
    private readonly name = '',
  ) {}

  debug(message: string, fields: LogFields = {}): void {
    this.#add('debug', message, fields);
  }
  info(message: string, fields: LogFields = {}): void {
    this.#add('info', message, fields);
  }
  warn(message: string, fields: LogFields = {}): void {
    this.#add('warn', message, fields);
  }
  error(message: string, fields: LogFields = {}): void {
    this.#add('error', message, fields);
  }
  child(name: string): RecordingLogger {
    return new RecordingLogger(this.lines, this.name === '' ? name : `${this.name}.${name}`);
  }
  #add(level: LoggedLine['level'], message: string, fields: LogFields): void {
    this.lines.push({ level, logger: this.name, message, fields });
  }
}

type Observe = Parameters<Meter['observableGauge']>[1];

/** A meter whose values a test can read. */
export class RecordingMeter implements Meter {
  readonly #values = new Map<string, Map<string, number>>();
  readonly #observed = new Map<string, Observe>();

  counter(options: { readonly name: string }): ReturnType<Meter['counter']> {
    return this.#instrument(options.name, (former, value) => former + value);
  }
  histogram(options: { readonly name: string }): ReturnType<Meter['histogram']> {
    return this.#instrument(options.name, (former) => former + 1);
  }
  summary(options: { readonly name: string }): ReturnType<NonNullable<Meter['summary']>> {
    return this.#instrument(options.name, (former) => former + 1);
  }
  observableGauge(options: { readonly name: string }, observe: Observe): void {
    this.#observed.set(options.name, observe);
  }
  observableCounter(options: { readonly name: string }, observe: Observe): void {
    this.#observed.set(options.name, observe);
  }

  /** The series of a metric, by their labels as JSON (`{}`: none); of histograms and summaries the count. */
  series(name: string): Readonly<Record<string, number>> {
    const series = new Map(this.#values.get(name));
    this.#observed.get(name)?.((value, labels = {}) => series.set(JSON.stringify(labels), value));
    return Object.fromEntries(series);
  }

  #instrument(name: string, fold: (former: number, value: number) => number) {
    const series = this.#values.get(name) ?? new Map<string, number>();
    this.#values.set(name, series);
    const put = (value: number, labels: MetricLabels = {}): void => {
      const key = JSON.stringify(labels);
      series.set(key, fold(series.get(key) ?? 0, value));
    };
    const remove = (labels: MetricLabels): void => {
      series.delete(JSON.stringify(labels));
    };
    return { add: put, record: put, remove };
  }
}

/** What a definition is given in tests; everything that it did can be read back. */
export interface FakeContext extends PluginContext {
  readonly clock: FakeClock;
  readonly logger: RecordingLogger;
  readonly meter: RecordingMeter;
}

/** A context on a clock that stands still. `httpClient` makes the clients; without it asking for one fails. */
export function fakeContext(
  httpClient: (config: HttpClientConfig, clock: Clock) => HttpClient = () => {
    throw new ContractError('this test gives no HTTP client');
  },
): FakeContext {
  const clock = new FakeClock();
  return {
    clock,
    logger: new RecordingLogger(),
    meter: new RecordingMeter(),
    instance: 'job',
    httpClient: (config) => httpClient(config, clock),
  };
}
