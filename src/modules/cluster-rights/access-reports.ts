import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Logger, Meter } from '../../plugin-api/index.js';
import { ReadinessRegistry, type ReadinessSource } from '../health/index.js';
import { LOGGER, METER } from '../telemetry/index.js';
import type { AccessReview } from './access-reviewer.js';
import { type ClusterRight, describeRight } from './cluster-right.js';

const mostLosses = 3;
const mostShown = 10;

/** Tells operators which rights are missing and what is lost by it: a log line each, metrics, a line in readiness. */
@Injectable()
export class AccessReports implements OnModuleDestroy {
  readonly #logger: Logger;
  readonly #unregister: () => void;
  readonly #told = new Set<string>();
  #review: AccessReview | undefined;

  constructor(
    readiness: ReadinessRegistry,
    @Inject(LOGGER) logger: Logger,
    @Inject(METER) meter: Meter,
  ) {
    this.#logger = logger.child('cluster-rights');
    this.#unregister = readiness.register(() => this.#readiness());
    this.#meter(meter);
  }

  onModuleDestroy(): void {
    this.#unregister();
  }

  /** Takes what a review came to; `undefined`: nothing is needed of the cluster. */
  take(review: AccessReview | undefined): void {
    const former = this.#review?.state;
    // What was known stays known while nobody can be asked.
    if (review?.state === 'unknown' && former === 'reviewed') return;
    this.#review = review;
    if (review === undefined) this.#told.clear();
    else if (review.state === 'reviewed') this.#tell(review.missing);
    else if (review.state !== former) {
      const fields = { state: review.state, reason: review.reason };
      this.#logger.info('whether rights are missing in the cluster cannot be told', fields);
    }
  }

  #tell(missing: readonly ClusterRight[]): void {
    const present = new Map(missing.map((right) => [describeRight(right), right]));
    for (const right of this.#told) {
      if (present.has(right)) continue;
      this.#told.delete(right);
      this.#logger.info('right in the cluster is not missing any more', { right });
    }
    for (const [text, right] of present) {
      if (this.#told.has(text)) continue;
      this.#told.add(text);
      const fields = { right: text, loss: lossesOf(right), askedFor: right.reasons[0]?.path };
      // What only some resources need may well be withheld on purpose.
      if (right.need === 'always') this.#logger.warn('right in the cluster is missing', fields);
      else this.#logger.info('right in the cluster that some resources need is missing', fields);
    }
  }

  *#readiness(): Iterable<ReadinessSource> {
    const review = this.#review;
    if (review === undefined) return;
    const detail = detailOf(review);
    // Without rights what can be served is served: readiness does not wait for them.
    yield { name: 'kubernetes rights', status: () => ({ answered: true, detail }) };
  }

  #meter(meter: Meter): void {
    meter.observableGauge(
      {
        name: 'opentelemetry_allocator_cluster_right_missing',
        help: 'Rights in the cluster that the configuration asks for and that are missing (1). need: always, or sometimes, when some resources need it.',
        labelNames: ['verb', 'resource', 'namespace', 'need'],
      },
      (report) => {
        for (const { verbs, group, resource, namespace = '', need } of this.#missing()) {
          const kind = group === '' ? resource : `${resource}.${group}`;
          for (const verb of verbs) report(1, { verb, resource: kind, namespace, need });
        }
      },
    );
    meter.observableGauge(
      {
        name: 'opentelemetry_allocator_cluster_rights_reviewed',
        help: 'Whether the API server has told which rights there are (1), or has not (0).',
        labelNames: [],
      },
      (report) => {
        if (this.#review !== undefined) report(this.#review.state === 'reviewed' ? 1 : 0);
      },
    );
  }

  /** A series for each verb and kind, however many names a right is bound to. */
  #missing(): readonly ClusterRight[] {
    return this.#review?.state === 'reviewed' ? this.#review.missing : [];
  }
}

function lossesOf({ reasons }: ClusterRight): readonly string[] {
  const losses = [...new Set(reasons.map(({ loss }) => loss))];
  const more = losses.length - mostLosses;
  return [...losses.slice(0, mostLosses), ...(more > 0 ? [`and ${String(more)} more`] : [])];
}

function detailOf(review: AccessReview): string {
  if (review.state !== 'reviewed') return `not known: ${review.reason}`;
  const { missing, reviewed, skipped } = review;
  const granted = `${String(reviewed - missing.length)} of ${String(reviewed + skipped)} are granted`;
  const unasked = skipped === 0 ? '' : `, ${String(skipped)} were not asked for`;
  const shown = missing
    .slice(0, mostShown)
    .map((right) => `${describeRight(right)} (${right.reasons[0]?.loss ?? ''})`);
  const more = missing.length - shown.length;
  const list = [...shown, ...(more > 0 ? [`and ${String(more)} more`] : [])].join('; ');
  return `${granted}${unasked}${list === '' ? '' : `; missing: ${list}`}`;
}
