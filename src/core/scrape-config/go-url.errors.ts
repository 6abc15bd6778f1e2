/** A text that Go's `net/url` does not take for a URL. Thrown within the parser, never out of it. */
export class GoUrlError extends Error {
  readonly code = 'TA_URL_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'GoUrlError';
  }
}
