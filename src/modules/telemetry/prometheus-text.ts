import type { Registry } from 'prom-client';

import { MetricsText } from './metrics-text.js';

/** {@link MetricsText} of a prom-client registry. */
export class PrometheusText extends MetricsText {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    super();
    this.#registry = registry;
  }

  async text(): Promise<{ readonly contentType: string; readonly body: string }> {
    const body = await this.#registry.metrics();
    return { contentType: this.#registry.contentType, body };
  }
}
