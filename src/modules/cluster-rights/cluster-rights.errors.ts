/** An API server answers an access review in a way that says nothing. */
export class AccessReviewError extends Error {
  readonly code = 'TA_ACCESS_REVIEW';

  constructor(reason: string) {
    super(`TA_ACCESS_REVIEW: selfsubjectaccessreviews: ${reason}`);
    this.name = 'AccessReviewError';
  }
}
