import { Counter, Gauge, Histogram, type Registry, Summary } from 'prom-client';

import type {
  Counter as CounterInstrument,
  Histogram as HistogramInstrument,
  InstrumentOptions,
  Meter,
  MetricLabels,
  Summary as SummaryInstrument,
} from '../../plugin-api/index.js';
import { scopeLabelsOf } from './metric-scope.js';
import { ScopedLabels } from './scoped-labels.js';
import { MetricConflictError } from './telemetry.errors.js';

type Observe = Parameters<Meter['observableGauge']>[1];
type Kind = 'counter' | 'gauge' | 'histogram' | 'summary' | 'observable counter';

interface Known {
  readonly kind: Kind;
  readonly instrument: unknown;
}

/** What an observable gauge and an observable counter need of prom-client. */
interface Resettable {
  reset(): void;
  remove(labels: MetricLabels): void;
}

const summaryAgeSeconds = 600;
const summaryAgeBuckets = 5;

/** The {@link Meter} of the process: makes metrics in a prom-client registry, with the labels of their scope. */
export class PrometheusMeter implements Meter {
  readonly #registry: Registry;
  readonly #onFailure: (metric: string, error: unknown) => void;
  readonly #known = new Map<string, Known>();
  readonly #observers = new Map<string, Observe[]>();

  /** @param onFailure Is told of observers that throw; their series are missing then, the other metrics are not. */
  constructor(registry: Registry, onFailure: (metric: string, error: unknown) => void) {
    this.#registry = registry;
    this.#onFailure = onFailure;
  }

  /** Whether a metric is counted as things happen, rather than read off elsewhere at each collection. */
  isSynchronous(name: string): boolean {
    const kind = this.#known.get(name)?.kind;
    return kind === 'counter' || kind === 'histogram' || kind === 'summary';
  }

  counter(options: InstrumentOptions): CounterInstrument {
    return this.#once('counter', options.name, () => {
      const scope = scopeLabelsOf(options.name);
      const metric = new Counter(this.#settings(options));
      return {
        add: (value: number, labels: MetricLabels = {}) => {
          metric.inc({ ...labels, ...scope }, value);
        },
        remove: (labels: MetricLabels) => {
          metric.remove({ ...labels, ...scope });
        },
      };
    });
  }

  histogram(
    options: InstrumentOptions & { readonly buckets: readonly number[] },
  ): HistogramInstrument {
    return this.#once('histogram', options.name, () =>
      recorder(
        options.name,
        new Histogram({ ...this.#settings(options), buckets: [...options.buckets] }),
      ),
    );
  }

  summary(
    options: InstrumentOptions & { readonly quantiles: readonly number[] },
  ): SummaryInstrument {
    return this.#once('summary', options.name, () =>
      recorder(
        options.name,
        new Summary({
          ...this.#settings(options),
          percentiles: [...options.quantiles],
          maxAgeSeconds: summaryAgeSeconds,
          ageBuckets: summaryAgeBuckets,
        }),
      ),
    );
  }

  observableGauge(options: InstrumentOptions, observe: Observe): void {
    this.#observe('gauge', options, observe, (collect) => {
      const gauge: Gauge = new Gauge({
        ...this.#settings(options),
        collect: () => {
          collect(gauge, (labels, value) => {
            gauge.set(labels, value);
          });
        },
      });
    });
  }

  observableCounter(options: InstrumentOptions, observe: Observe): void {
    this.#observe('observable counter', options, observe, (collect) => {
      const counter: Counter = new Counter({
        ...this.#settings(options),
        collect: () => {
          collect(counter, (labels, value) => {
            counter.inc(labels, value);
          });
        },
      });
    });
  }

  #settings({ name, help, labelNames = [] }: InstrumentOptions): {
    name: string;
    help: string;
    labelNames: string[];
    registers: Registry[];
  } {
    const scopeNames = Object.keys(scopeLabelsOf(name));
    return { name, help, labelNames: [...labelNames, ...scopeNames], registers: [this.#registry] };
  }

  #once<Instrument>(kind: Kind, name: string, make: () => Instrument): Instrument {
    const known = this.#known.get(name);
    if (known !== undefined && known.kind !== kind) {
      throw new MetricConflictError(name, kind, known.kind);
    }
    // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- one kind has one type of instrument
    if (known !== undefined) return known.instrument as Instrument;
    const instrument = make();
    this.#known.set(name, { kind, instrument });
    return instrument;
  }

  /** Several observers of one metric (one of each discoverer, say) report its series together. */
  #observe(
    kind: Kind,
    options: InstrumentOptions,
    observe: Observe,
    make: (collect: (metric: Resettable, set: SetSeries) => void) => void,
  ): void {
    const { name } = options;
    this.#once(kind, name, () => {
      make((metric, set) => {
        this.#collect(name, metric, set);
      });
    });
    this.#observers.set(name, [...(this.#observers.get(name) ?? []), observe]);
  }

  #collect(name: string, metric: Resettable, set: SetSeries): void {
    const scope = scopeLabelsOf(name);
    metric.reset();
    // A reset leaves the series of a metric without labels at 0, although nobody has reported it.
    metric.remove({});
    for (const observe of this.#observers.get(name) ?? []) {
      try {
        observe((value, labels = {}) => {
          set({ ...labels, ...scope }, value);
        });
      } catch (error) {
        this.#onFailure(name, error);
      }
    }
  }
}

type SetSeries = (labels: MetricLabels, value: number) => void;

function recorder(name: string, metric: Histogram | Summary): HistogramInstrument {
  const scoped = new ScopedLabels(name);
  return {
    record: (value, labels = {}) => {
      metric.observe(scoped.of(labels), value);
    },
    remove: (labels) => {
      metric.remove(scoped.of(labels));
    },
  };
}
