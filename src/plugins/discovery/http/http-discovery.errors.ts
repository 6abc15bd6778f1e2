/** An answer that is not a list of target groups. */
export class HttpSdAnswerError extends Error {
  readonly code = 'TA_HTTP_SD_ANSWER';

  constructor(problem: string) {
    super(`TA_HTTP_SD_ANSWER: ${problem}`);
    this.name = 'HttpSdAnswerError';
  }
}
