import { HttpBodyTooLargeError, HttpRequestError } from '../../plugin-api/index.js';
import type { Deadline } from './deadline.js';

/** Any failure of a request as an error that says which request it was. */
export function asHttpError(error: unknown, what: string, deadline: Deadline): HttpRequestError {
  if (deadline.isOver) {
    const seconds = String(deadline.timeoutMs / 1_000);
    return new HttpRequestError('TA_HTTP_TIMEOUT', `${what}: no whole answer in ${seconds} s`);
  }
  if (deadline.signal.aborted) {
    return new HttpRequestError('TA_HTTP_ABORTED', `${what}: given up by the caller`);
  }
  if (error instanceof HttpBodyTooLargeError) {
    return new HttpBodyTooLargeError(error.maxBodyBytes, what);
  }
  const reason = reasonOf(error);
  if (error instanceof HttpRequestError) {
    const bare = error.message.slice(error.code.length + 2);
    return new HttpRequestError(error.code, `${what}: ${bare}`, { cause: error });
  }
  return new HttpRequestError('TA_HTTP_FAILED', `${what}: ${reason}`, { cause: error });
}

/** Several addresses fail as one error without a text of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return [...new Set(error.errors.map(reasonOf))].join(', ');
  }
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? error.name : error.message;
}
