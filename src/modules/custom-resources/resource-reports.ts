import { Inject, Injectable } from '@nestjs/common';
import type { CustomResource, Logger, ResourceObject } from '../../plugin-api/index.js';
import { LOGGER } from '../telemetry/index.js';
import { type KindStatus, ResourceStatuses } from './resource-statuses.js';
import type { ServedResource } from './served-resource.js';

/** Reasons may quote what a tenant wrote: long enough to recognise it, short enough for a log line. */
const longestReason = 300;
const mostReasons = 10;

/** Tells operators what became of resources: statuses for pages, metrics and events, and log lines on change. */
@Injectable()
export class ResourceReports {
  readonly #logger: Logger;

  constructor(
    private readonly statuses: ResourceStatuses,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#logger = logger.child('custom-resources');
  }

  /** A selected resource was converted. */
  changed(
    { group, version, kind }: CustomResource,
    former: ServedResource | undefined,
    current: ServedResource,
  ): void {
    if (former !== undefined && isSameReport(former, current)) return;
    const { metadata, state, configs } = current;
    const reasons = shortened(current.reasons);
    this.statuses.set({
      resource: { apiVersion: `${group}/${version}`, kind, metadata },
      state,
      reasons,
      jobs: configs.map((config) => config.job_name),
    });
    this.#log({ kind, namespace: metadata.namespace, name: metadata.name }, former, current);
  }

  /** A resource is deleted or not selected any more. */
  gone({ group, version, kind }: CustomResource, metadata: ResourceObject['metadata']): void {
    this.statuses.delete({ apiVersion: `${group}/${version}`, kind, metadata });
  }

  /** @param whyNone Why no resource is selected. */
  kind(status: KindStatus, whyNone: string | undefined): void {
    const former = this.statuses.kinds().find(({ kind }) => kind === status.kind);
    this.statuses.setKind(status);
    if (former?.state === status.state && former.selected > 0 === status.selected > 0) return;
    const { kind, seen, selected, state } = status;
    const count = `${String(selected)} of ${String(seen)} ${kind}s`;
    const message = whyNone === undefined ? `${count} are selected` : `${count}: ${whyNone}`;
    const failure = status.message === undefined ? {} : { failure: status.message };
    this.#logger[state === 'watching' ? 'info' : 'warn'](message, {
      kind,
      seen,
      selected,
      state,
      ...failure,
    });
  }

  /** The kind is not watched any more. */
  ended({ kind }: CustomResource): void {
    this.statuses.deleteKind(kind);
  }

  #log(
    names: Readonly<Record<string, string>>,
    former: ServedResource | undefined,
    current: ServedResource,
  ): void {
    const reasons = shortened(current.reasons);
    if (current.state === 'rejected') {
      if (former?.state === 'rejected' && areSame(former.reasons, current.reasons)) return;
      const isServed = current.configs.length > 0;
      const message = `custom resource is rejected, ${isServed ? 'its last good version stays' : 'it has no jobs'}`;
      this.#logger.warn(message, { ...names, reasons });
    } else if (current.state === 'accepted' && former?.state === 'rejected') {
      this.#logger.info('custom resource is accepted again', names);
    }
  }
}

function isSameReport(a: ServedResource, b: ServedResource): boolean {
  return (
    a.state === b.state &&
    a.configs === b.configs &&
    a.metadata.uid === b.metadata.uid &&
    a.metadata.resourceVersion === b.metadata.resourceVersion &&
    areSame(a.reasons, b.reasons)
  );
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

function shortened(reasons: readonly string[]): readonly string[] {
  const cut = reasons
    .slice(0, mostReasons)
    .map((text) => (text.length <= longestReason ? text : `${text.slice(0, longestReason - 1)}…`));
  const more = reasons.length - cut.length;
  return more > 0 ? [...cut, `and ${String(more)} more`] : cut;
}
