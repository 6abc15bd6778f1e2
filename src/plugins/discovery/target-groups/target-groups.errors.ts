/** What was read is no list of target groups; nothing of it counts. */
export class TargetGroupsError extends Error {
  readonly code = 'TA_TARGET_GROUPS_INVALID';

  /** @param problem Where and what. */
  constructor(problem: string) {
    super(`TA_TARGET_GROUPS_INVALID: no list of target groups: ${problem}`);
    this.name = 'TargetGroupsError';
  }
}
