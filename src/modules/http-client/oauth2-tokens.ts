import {
  HttpRequestError,
  type Clock,
  type HttpClient,
  type OAuth2,
} from '../../plugin-api/index.js';
import { jwtAssertion } from './oauth2-assertion.js';
import { parseTokenAnswer, type OAuth2Token } from './oauth2-answer.js';
import { secretText } from './secret-text.js';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const TOKEN_TIMEOUT_MS = 30_000;
const TOKEN_MAX_BYTES = 1 << 20;
/** A token is renewed this long before it expires. */
const EXPIRES_EARLY_MS = 10_000;

type ClientStyle = 'header' | 'parameters';

/**
 * The tokens of an `oauth2` setting: fetched when needed, kept until they expire or the secret changes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-2.1
 */
export class OAuth2Tokens {
  #token: { readonly secret: string; readonly token: OAuth2Token } | undefined;
  #fetching: Promise<OAuth2Token> | undefined;
  /** Which way of naming the client the server takes; found out with the first token. */
  #style: ClientStyle | undefined;

  constructor(
    private readonly config: OAuth2,
    private readonly client: HttpClient,
    private readonly clock: Clock,
  ) {}

  /** @throws HttpRequestError `TA_HTTP_CREDENTIALS` when no token can be had. */
  async authorization(signal: AbortSignal): Promise<string> {
    const secret = await this.#secret();
    const known = this.#token;
    if (known?.secret === secret && !this.#isExpired(known.token)) return header(known.token);
    this.#fetching ??= this.#fetch(secret, signal).finally(() => {
      this.#fetching = undefined;
    });
    return header(await this.#fetching);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  get #isJwtBearer(): boolean {
    return this.config.grant_type === JWT_BEARER;
  }

  async #secret(): Promise<string> {
    const { client_secret, client_secret_file } = this.config;
    const text = this.#isJwtBearer
      ? await secretText(
          this.config.client_certificate_key,
          this.config.client_certificate_key_file,
          'oauth2.client_certificate_key_file',
        )
      : await secretText(client_secret, client_secret_file, 'oauth2.client_secret_file');
    return text ?? '';
  }

  #isExpired(token: OAuth2Token): boolean {
    return (
      token.expiresAtMs !== undefined &&
      this.clock.monotonicMs() >= token.expiresAtMs - EXPIRES_EARLY_MS
    );
  }

  async #fetch(secret: string, signal: AbortSignal): Promise<OAuth2Token> {
    const token = this.#isJwtBearer
      ? await this.#ask(this.#assertionForm(secret), {}, signal)
      : await this.#askInEitherStyle(secret, signal);
    this.#token = { secret, token };
    return token;
  }

  async #askInEitherStyle(secret: string, signal: AbortSignal): Promise<OAuth2Token> {
    if (this.#style !== undefined) return this.#askAs(this.#style, secret, signal);
    try {
      const token = await this.#askAs('header', secret, signal);
      this.#style = 'header';
      return token;
    } catch (error) {
      if (signal.aborted) throw error;
      const token = await this.#askAs('parameters', secret, signal);
      this.#style = 'parameters';
      return token;
    }
  }

  #askAs(style: ClientStyle, secret: string, signal: AbortSignal): Promise<OAuth2Token> {
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    this.#addCommon(form);
    if (style === 'header') {
      const pair = `${formEncoded(this.config.client_id)}:${formEncoded(secret)}`;
      const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
      return this.#ask(form, { authorization }, signal);
    }
    form.set('client_id', this.config.client_id);
    if (secret !== '') form.set('client_secret', secret);
    return this.#ask(form, {}, signal);
  }

  #assertionForm(key: string): URLSearchParams {
    const assertion = jwtAssertion(this.config, key, this.clock.epochMs());
    const form = new URLSearchParams({ grant_type: JWT_BEARER, assertion });
    this.#addCommon(form);
    return form;
  }

  #addCommon(form: URLSearchParams): void {
    const scope = (this.config.scopes ?? []).join(' ');
    if (scope !== '') form.set('scope', scope);
    for (const [name, value] of Object.entries(this.config.endpoint_params ?? {})) {
      if (form.has(name) && name !== 'grant_type') {
        throw new HttpRequestError(
          'TA_HTTP_CREDENTIALS',
          `oauth2.endpoint_params cannot replace ${name}`,
        );
      }
      form.set(name, value);
    }
  }

  async #ask(
    form: URLSearchParams,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<OAuth2Token> {
    const answer = await this.client.request(this.config.token_url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      signal,
      timeoutMs: TOKEN_TIMEOUT_MS,
      maxBodyBytes: TOKEN_MAX_BYTES,
    });
    return parseTokenAnswer(answer, this.clock.monotonicMs());
  }
}

function header(token: OAuth2Token): string {
  return `${token.type} ${token.accessToken}`;
}

/** Client names and secrets are form-encoded within Basic (RFC 6749, 2.3.1). */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
