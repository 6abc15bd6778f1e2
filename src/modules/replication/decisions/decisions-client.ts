import { Agent, type IncomingMessage, request } from 'node:http';
import { type Clock, LoopShare } from '../../../plugin-api/index.js';
import { DecisionsAnswerError, NotLeadingError } from '../replication.errors.js';
import { readDecisionLine } from './decision-lines.js';
import type { FollowerState } from './decision-answer.js';
import { DecisionsReader, type ToldDecisions } from './told-decisions.js';

/** The leader answers at the latest after so long, also when nothing has changed, in milliseconds. */
export const longestWaitMs = 10_000;
/** Without a byte of the leader for so long it is asked anew, in milliseconds. */
const silenceMs = longestWaitMs + 5_000;
/** Six million targets. */
const longestAnswerBytes = 64 * 1024 * 1024;
/** A job with ten thousand collectors of long names. */
const longestLineBytes = 2 * 1024 * 1024;
const longestRefusalBytes = 1024;

const decisionsPath = '/api/v1/decisions';

/** Asks a leader for its decisions. */
export class DecisionsClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 2 });

  constructor(private readonly clock: Clock) {}

  /**
   * What has been decided since; waits at the leader until there is something.
   *
   * @param leaderUrl As the Lease says; `http://host:port`.
   * @throws NotLeadingError, DecisionsAnswerError, or what the connection fails with.
   */
  async ask(
    leaderUrl: string,
    follower: FollowerState | undefined,
    signal: AbortSignal,
  ): Promise<ToldDecisions> {
    const silence = new Silence(this.clock, signal);
    try {
      const response = await this.#send(urlOf(leaderUrl, follower), silence.signal);
      silence.end();
      if (response.statusCode === 200) return await readDecisions(response, silence);
      throw new NotLeadingError(await refusalText(response));
    } catch (error) {
      throw silence.failure ?? error;
    } finally {
      silence.stop();
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      request(url, { agent: this.#agent, signal }, resolve).on('error', reject).end();
    });
  }
}

/** Ends a request when nothing is heard for too long. */
class Silence {
  readonly #timeout = new AbortController();
  #failure: Error | undefined;
  readonly signal: AbortSignal;
  #cancel: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    signal: AbortSignal,
  ) {
    this.signal = AbortSignal.any([signal, this.#timeout.signal]);
    this.end();
  }

  /** That nothing was heard; `undefined`: something was. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Something was heard. */
  end(): void {
    this.#cancel();
    this.#cancel = this.clock.after(silenceMs, () => {
      this.#failure = new DecisionsAnswerError(`nothing heard for ${silenceMs / 1000} s`);
      this.#timeout.abort();
    });
  }

  stop(): void {
    this.#cancel();
  }
}

function urlOf(leaderUrl: string, follower: FollowerState | undefined): URL {
  const url = URL.canParse(leaderUrl) ? new URL(leaderUrl) : undefined;
  const isUsable = url?.protocol === 'http:' && url.username === '' && url.password === '';
  if (!isUsable) {
    throw new DecisionsAnswerError(
      `the Lease says no http://host:port but ${leaderUrl.slice(0, 200)}`,
    );
  }
  const asked = new URL(decisionsPath, url);
  if (follower !== undefined) {
    asked.searchParams.set('epoch', follower.epoch);
    asked.searchParams.set('since', String(follower.generation));
  }
  return asked;
}

async function readDecisions(response: IncomingMessage, silence: Silence): Promise<ToldDecisions> {
  const reader = new DecisionsReader();
  const loop = new LoopShare();
  const decode = utf8Decoder();
  let bytes = 0;
  let rest = '';
  for await (const chunk of response.iterator({ destroyOnReturn: true })) {
    if (!(chunk instanceof Uint8Array)) throw new DecisionsAnswerError('it is no bytes');
    silence.end();
    bytes += chunk.length;
    if (bytes > longestAnswerBytes) throw new DecisionsAnswerError('it is too long');
    const lines = (rest + decode(chunk)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLineBytes) throw new DecisionsAnswerError('a line is too long');
    for (const line of lines) {
      reader.push(readDecisionLine(line));
      await loop.giveWay();
    }
  }
  return reader.end();
}

/** Characters may be cut anywhere. */
function utf8Decoder(): (chunk: Uint8Array) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return (chunk) => {
    try {
      return decoder.decode(chunk, { stream: true });
    } catch (cause) {
      throw new DecisionsAnswerError('it is not UTF-8', { cause });
    }
  };
}

/** The first line of what was said instead of decisions. */
async function refusalText(response: IncomingMessage): Promise<string> {
  let text = `status ${String(response.statusCode)}: `;
  for await (const chunk of response.iterator({ destroyOnReturn: true })) {
    text += String(chunk);
    if (text.length > longestRefusalBytes) break;
  }
  return text.split('\n', 1)[0]?.slice(0, longestRefusalBytes) ?? '';
}
