/** A metric's name is taken by a metric of another kind. */
export class MetricConflictError extends Error {
  readonly code = 'TA_METRIC_CONFLICT';

  constructor(name: string, wanted: string, existing: string) {
    super(
      `TA_METRIC_CONFLICT: ${name} was asked for as a ${wanted}, but there is a ${existing} of that name; ` +
        'give one of them another name',
    );
    this.name = 'MetricConflictError';
  }
}
