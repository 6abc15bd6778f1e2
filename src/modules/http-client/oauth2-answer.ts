import { HttpRequestError, type HttpAnswer } from '../../plugin-api/index.js';

export interface OAuth2Token {
  readonly accessToken: string;
  /** As it stands before the token in `Authorization`. */
  readonly type: string;
  /** On the monotonic clock; `undefined`: it does not expire. */
  readonly expiresAtMs: number | undefined;
}

/**
 * Reads the answer of a token endpoint: JSON, or a query string from some servers.
 *
 * @throws HttpRequestError `TA_HTTP_CREDENTIALS` without any part of the answer that could be secret.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.1
 */
export function parseTokenAnswer(answer: HttpAnswer, nowMs: number): OAuth2Token {
  const fields = fieldsOf(answer);
  const error = fields.get('error') ?? '';
  if (answer.status < 200 || answer.status > 299 || error !== '') {
    const reason = error === '' ? '' : ` (${error})`;
    throw refused(`answered ${String(answer.status)}${reason}`);
  }
  const accessToken = fields.get('access_token') ?? '';
  if (accessToken === '') throw refused('gave no access_token');
  return {
    accessToken,
    type: headerType(fields.get('token_type') ?? ''),
    expiresAtMs: expiry(fields.get('expires_in') ?? '', nowMs),
  };
}

function expiry(expiresIn: string, nowMs: number): number | undefined {
  const seconds = Number.parseInt(expiresIn, 10);
  return seconds > 0 ? nowMs + seconds * 1_000 : undefined;
}

function fieldsOf(answer: HttpAnswer): ReadonlyMap<string, string> {
  const text = new TextDecoder().decode(answer.body);
  const type = (answer.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/x-www-form-urlencoded' || type === 'text/plain') {
    return new Map(new URLSearchParams(text));
  }
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(jsonObject(text))) {
    if (typeof value === 'string' || typeof value === 'number') fields.set(name, String(value));
  }
  return fields;
}

function jsonObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // An error page, for instance: the status says what there is to say.
  }
  return {};
}

/** Servers answer in any case; requests are signed with the registered spelling. */
function headerType(type: string): string {
  const known: ReadonlyMap<string, string> = new Map([
    ['', 'Bearer'],
    ['bearer', 'Bearer'],
    ['mac', 'MAC'],
    ['basic', 'Basic'],
  ]);
  return known.get(type.toLowerCase()) ?? type;
}

function refused(reason: string): HttpRequestError {
  return new HttpRequestError('TA_HTTP_CREDENTIALS', `the oauth2 token endpoint ${reason}`);
}
