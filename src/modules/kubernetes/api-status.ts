import { isRecord } from '../../core/document/is-record.js';
import { textField } from './kubernetes-object.js';

/** A refusal in the words of the API server, as the HTTP status or as an `ERROR` event inside a watch. */
export class ApiStatusError extends Error {
  readonly code = 'TA_KUBE_STATUS';

  constructor(
    readonly status: number,
    /** The machine-readable reason, such as `Expired` or `Forbidden`; `''` when there is none. */
    readonly reason: string,
    /** What the server says, or what it answered instead of a status object. */
    readonly serverMessage: string,
    readonly details: ApiStatusDetails = {},
  ) {
    super(`TA_KUBE_STATUS: ${status}${reason === '' ? '' : ` ${reason}`}: ${serverMessage}`);
    this.name = 'ApiStatusError';
  }

  /** The resource version asked for is no longer kept: what happened since cannot be told. */
  get isExpired(): boolean {
    return this.status === 410 || this.reason === 'Expired' || this.reason === 'Gone';
  }

  /** The server has not seen the resource version yet, as after a restore of its storage. */
  get isTooLargeVersion(): boolean {
    return (
      this.details.causes?.includes('ResourceVersionTooLarge') === true ||
      /too large resource version/i.test(this.serverMessage)
    );
  }
}

export interface ApiStatusDetails {
  /** From the `Retry-After` header or the status' own detail, in milliseconds. */
  readonly retryAfterMs?: number;
  readonly causes?: readonly string[];
}

const longestQuotedMessage = 300;

/** Reads a `Status` object; `httpStatus` and `retryAfter` are those of the answer that it came with, if any. */
export function statusError(
  body: unknown,
  httpStatus: number,
  retryAfter?: string,
): ApiStatusError {
  const status = isRecord(body) ? body : {};
  return new ApiStatusError(
    typeof status['code'] === 'number' ? status['code'] : httpStatus,
    textField(status, 'reason') ?? '',
    textField(status, 'message')?.slice(0, longestQuotedMessage) ?? 'no message',
    readDetails(isRecord(status['details']) ? status['details'] : {}, retryAfter),
  );
}

function readDetails(
  details: Readonly<Record<string, unknown>>,
  retryAfter: string | undefined,
): ApiStatusDetails {
  const causes: readonly unknown[] = Array.isArray(details['causes']) ? details['causes'] : [];
  const seconds = Number(retryAfter ?? details['retryAfterSeconds']);
  return {
    ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
    causes: causes.filter(isRecord).flatMap((cause) => textField(cause, 'reason') ?? []),
  };
}

/** Reads the body of a refused request, whatever it is. */
export function refusalError(
  status: number,
  text: string,
  retryAfter: string | undefined,
): ApiStatusError {
  try {
    const body: unknown = JSON.parse(text);
    if (isRecord(body) && body['kind'] === 'Status') return statusError(body, status, retryAfter);
  } catch {
    // Proxies and servers that are starting answer in plain text: quoted below.
  }
  const message = text.trim().slice(0, longestQuotedMessage);
  return statusError({ message: message === '' ? 'empty answer' : message }, status, retryAfter);
}
