import { Injectable } from '@nestjs/common';
import { ServedState } from '../allocation/index.js';
import { StaleAnswers } from '../warm-start/index.js';

/** What answers are made of: what is known, and for what is not known yet what was so before the start. */
@Injectable()
export class Answers {
  constructor(
    readonly state: ServedState,
    readonly stale: StaleAnswers,
  ) {}

  /** When the stale answers were right, in RFC 3339; `undefined`: none is given. */
  get staleAsOf(): string | undefined {
    const { asOfMs } = this.stale;
    return asOfMs === undefined ? undefined : new Date(asOfMs).toISOString();
  }
}
