/** What was read is no list of target groups; nothing of it counts. */
export class TargetGroupsError extends Error {
  readonly code = 'TA_TARGET_GROUPS_INVALID';

  /** @param problem Where and what. */
  constructor(problem: string) {
    super(`TA_TARGET_GROUPS_INVALID: no list of target groups: ${problem}`);
    this.name = 'TargetGroupsError';
  }
}

/** A list has more targets than one list may have; nothing of it counts. */
export class TargetListTooLongError extends Error {
  readonly code = 'TA_TARGET_LIST_TOO_LONG';

  /** @param maxTargets The most that would have been taken. */
  constructor(maxTargets: number) {
    super(
      `TA_TARGET_LIST_TOO_LONG: the list has more than ${String(maxTargets)} targets or groups and was refused; ` +
        'split it into several files or URLs',
    );
    this.name = 'TargetListTooLongError';
  }
}
