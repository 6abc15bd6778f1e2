import type {
  Counter,
  Histogram,
  InstrumentOptions,
  Meter,
  MetricLabels,
} from '../../../plugin-api/index.js';

interface Recorded {
  readonly name: string;
  readonly value: number;
  readonly labels: MetricLabels;
}

/** A meter that remembers what was recorded; it has no gauges. */
export class FakeMeter implements Meter {
  readonly #records: Recorded[] = [];

  counter({ name }: InstrumentOptions): Counter {
    return { add: this.#recorder(name), remove: () => undefined };
  }

  histogram({ name }: InstrumentOptions): Histogram {
    return { record: this.#recorder(name), remove: () => undefined };
  }

  observableGauge(): undefined {
    return undefined;
  }

  observableCounter(): undefined {
    return undefined;
  }

  of(name: string): readonly Recorded[] {
    return this.#records.filter((record) => record.name === name);
  }

  reset(): void {
    this.#records.length = 0;
  }

  #recorder(name: string): (value: number, labels?: MetricLabels) => void {
    return (value, labels = {}) => {
      this.#records.push({ name, value, labels });
    };
  }
}
