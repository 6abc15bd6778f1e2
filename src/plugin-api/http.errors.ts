/** Why a request gave no whole answer; stable, for callers and alerts. */
export type HttpErrorCode =
  | 'TA_HTTP_FAILED'
  | 'TA_HTTP_TIMEOUT'
  | 'TA_HTTP_ABORTED'
  | 'TA_HTTP_BODY_TOO_LARGE'
  | 'TA_HTTP_REFUSED'
  | 'TA_HTTP_ENCODED'
  | 'TA_HTTP_REDIRECT'
  | 'TA_HTTP_CREDENTIALS'
  | 'TA_HTTP_DENIED'
  | 'TA_HTTP_CONFIG';

/** A request that gave no whole answer. The message names the URL without user info and query, and never a secret. */
export class HttpRequestError extends Error {
  /** `TA_HTTP_…`, also at the start of the message. */
  readonly code: HttpErrorCode;

  /** @param reason What was asked, what went wrong and, where it helps, what to do. */
  constructor(code: HttpErrorCode, reason: string, options?: ErrorOptions) {
    super(`${code}: ${reason}`, options);
    this.name = 'HttpRequestError';
    this.code = code;
  }
}

/** An answer that is longer than the caller wanted to take. */
export class HttpBodyTooLargeError extends HttpRequestError {
  /** The most that would have been taken, in bytes. */
  readonly maxBodyBytes: number;

  /** @param what Which request it answers. */
  constructor(maxBodyBytes: number, what = 'a request') {
    super(
      'TA_HTTP_BODY_TOO_LARGE',
      `${what}: the answer is longer than ${String(maxBodyBytes)} bytes and was refused`,
    );
    this.name = 'HttpBodyTooLargeError';
    this.maxBodyBytes = maxBodyBytes;
  }
}
