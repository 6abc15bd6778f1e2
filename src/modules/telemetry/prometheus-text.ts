import type { Registry } from 'prom-client';

import { Exposition, type WrittenFamily } from './exposition.js';
import { MetricsText } from './metrics-text.js';

/** {@link MetricsText} of a prom-client registry. */
export class PrometheusText extends MetricsText {
  readonly #registry: Registry;
  readonly #exposition = new Exposition();

  constructor(registry: Registry) {
    super();
    this.#registry = registry;
  }

  async text(): Promise<{ readonly contentType: string; readonly body: string }> {
    const families = await Promise.all(this.#registry.getMetricsAsArray().map(familyOf));
    return { contentType: this.#registry.contentType, body: this.#exposition.text(families) };
  }
}

/** What prom-client's own registry writes from; its types do not say so. */
interface Written {
  getForPromString?(): Promise<WrittenFamily>;
  get(): Promise<WrittenFamily>;
}

function familyOf(metric: unknown): Promise<WrittenFamily> {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- see Written
  const written = metric as Written;
  return written.getForPromString?.() ?? written.get();
}
