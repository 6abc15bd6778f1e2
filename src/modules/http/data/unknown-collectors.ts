import { Inject, Injectable } from '@nestjs/common';
import type { Collector } from '../../../core/allocation/collector.js';
import type { Counter, Logger, Meter } from '../../../plugin-api/index.js';
import { ServedState } from '../../allocation/index.js';
import { LOGGER, METER } from '../../telemetry/index.js';

/** After so many different ids they are only counted: someone makes them up. */
const MAX_LOGGED_IDS = 1000;
const MAX_LOGGED_ID_LENGTH = 200;

/** Tells operators of collectors that ask for targets under a name which nobody knows. */
@Injectable()
export class UnknownCollectors {
  readonly #counter: Counter;
  readonly #logger: Logger;
  readonly #logged = new Set<string>();
  readonly #names = new WeakMap<readonly Collector[], ReadonlySet<string>>();

  constructor(
    private readonly state: ServedState,
    @Inject(METER) meter: Meter,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#logger = logger.child('http');
    this.#counter = meter.counter({
      name: 'opentelemetry_allocator_unknown_collector_requests_total',
      help: 'Number of requests for the targets of a collector that is not known.',
    });
  }

  /** Notes a request; does nothing for a known collector. */
  note(id: string): void {
    const { collectors } = this.state.view;
    if (this.#namesOf(collectors).has(id)) return;
    this.#counter.add(1);
    if (this.#logged.has(id) || this.#logged.size >= MAX_LOGGED_IDS) return;
    this.#logged.add(id);
    this.#logger.warn('an unknown collector asks for targets and gets none', {
      collectorId: id.slice(0, MAX_LOGGED_ID_LENGTH),
      collectors: collectors.length,
    });
  }

  #namesOf(collectors: readonly Collector[]): ReadonlySet<string> {
    const known = this.#names.get(collectors);
    if (known !== undefined) return known;
    const names = new Set(collectors.map(({ name }) => name));
    this.#names.set(collectors, names);
    return names;
  }
}
