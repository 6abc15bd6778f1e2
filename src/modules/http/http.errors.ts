import { ServiceUnavailableException } from '@nestjs/common';

/**
 * What is asked for is not known yet, so that neither a full nor an empty answer would be true. Collectors keep what they
 * have on a 503 with text, and ask again.
 */
export class NotKnownYetError extends ServiceUnavailableException {
  readonly code = 'TA_NOT_KNOWN_YET';

  /** @param what A phrase: what is awaited. */
  constructor(what: string) {
    super(`not known yet, ${what}`);
  }
}
