import { Inject, Injectable } from '@nestjs/common';
import type { Meter, MetricLabels } from '../../plugin-api/index.js';
import { METER } from '../telemetry/index.js';
import { ResourceEvents } from './events/resource-events.service.js';
import { KubernetesReferencedValues } from './references/kubernetes-referenced-values.js';
import { type KindStatus, ResourceStatuses } from './resource-statuses.js';

const prefix = 'opentelemetry_allocator_';

type Report = (value: number, labels: MetricLabels) => void;

/** Reports how custom resources, what they refer to and the events about them fare. */
@Injectable()
export class CustomResourceMetrics {
  readonly #rejections = new Map<string, number>();

  constructor(
    private readonly statuses: ResourceStatuses,
    private readonly values: KubernetesReferencedValues,
    private readonly events: ResourceEvents,
    @Inject(METER) private readonly meter: Meter,
  ) {
    // Kept as long as the process: so are the statuses.
    statuses.onChange(({ state, resource: { kind } }) => {
      if (state === 'rejected') this.#rejections.set(kind, (this.#rejections.get(kind) ?? 0) + 1);
    });
    this.#meterResources();
    this.#meterKinds();
    this.#meterReferences();
    this.#counter(
      {
        name: 'custom_resource_events_total',
        help: 'Kubernetes Events about custom resources by what became of them.',
        labelNames: ['result'],
      },
      (report) => {
        for (const [result, count] of this.events.results) report(count, { result });
      },
    );
  }

  #meterResources(): void {
    this.#gauge(
      {
        name: 'custom_resources',
        help: 'Selected custom resources by kind and state: accepted, rejected, pending.',
        labelNames: ['kind', 'state'],
      },
      (report) => {
        for (const [labels, count] of this.#countResources()) report(count, labels);
      },
    );
    this.#counter(
      {
        name: 'custom_resource_rejections_total',
        help: 'Versions of custom resources that were rejected, and rejections that changed their reasons.',
        labelNames: ['kind'],
      },
      (report) => {
        for (const { kind } of this.statuses.kinds()) {
          report(this.#rejections.get(kind) ?? 0, { kind });
        }
      },
    );
  }

  #meterKinds(): void {
    const kinds = (name: string, help: string, valueOf: (kind: KindStatus) => number): void => {
      this.#gauge({ name, help, labelNames: ['kind'] }, (report) => {
        for (const status of this.statuses.kinds()) {
          report(valueOf(status), { kind: status.kind });
        }
      });
    };
    kinds(
      'custom_resource_kind_watched',
      'Whether a kind of custom resources is watched (1), or is absent, forbidden or not answered for (0).',
      ({ state }) => (state === 'watching' ? 1 : 0),
    );
    kinds(
      'custom_resources_seen',
      'Custom resources in the namespaces that are looked at.',
      ({ seen }) => seen,
    );
    kinds(
      'custom_resources_selected',
      'Custom resources that the selectors take.',
      ({ selected }) => selected,
    );
  }

  #meterReferences(): void {
    this.#gauge(
      {
        name: 'referenced_objects',
        help: 'Secrets and ConfigMaps that custom resources refer to, by kind and what is known of them.',
        labelNames: ['kind', 'state'],
      },
      (report) => {
        for (const { kind, state, objects } of this.values.counts()) {
          report(objects, { kind, state });
        }
      },
    );
    this.#counter(
      {
        name: 'referenced_object_read_failures_total',
        help: 'Reads of Secrets and ConfigMaps that gave no answer, by kind and HTTP status or error code.',
        labelNames: ['kind', 'reason'],
      },
      (report) => {
        for (const [kind, reason, count] of this.values.failures.counts()) {
          report(count, { kind, reason });
        }
      },
    );
  }

  *#countResources(): Iterable<readonly [MetricLabels, number]> {
    const counts = new Map<string, { readonly labels: MetricLabels; count: number }>();
    for (const { resource, state } of this.statuses.list()) {
      const key = `${resource.kind}/${state}`;
      const counted = counts.get(key) ?? { labels: { kind: resource.kind, state }, count: 0 };
      counted.count += 1;
      counts.set(key, counted);
    }
    for (const { labels, count } of counts.values()) yield [labels, count];
  }

  #gauge(options: MetricOptions, observe: (report: Report) => void): void {
    this.meter.observableGauge({ ...options, name: `${prefix}${options.name}` }, observe);
  }

  #counter(options: MetricOptions, observe: (report: Report) => void): void {
    this.meter.observableCounter({ ...options, name: `${prefix}${options.name}` }, observe);
  }
}

interface MetricOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}
