/** The leader's answer is not what it should be; nothing of it is used. */
export class DecisionsAnswerError extends Error {
  readonly code = 'TA_DECISIONS_ANSWER';

  constructor(reason: string, options?: ErrorOptions) {
    super(
      `TA_DECISIONS_ANSWER: decisions of the leading replica cannot be used: ${reason}; the last ones stay in use`,
      options,
    );
    this.name = 'DecisionsAnswerError';
  }
}

/** The replica that was asked for decisions does not lead. */
export class NotLeadingError extends Error {
  readonly code = 'TA_NOT_LEADING';

  constructor(said: string) {
    super(`TA_NOT_LEADING: the replica does not lead (any more): ${said}; the Lease is looked at`);
    this.name = 'NotLeadingError';
  }
}
