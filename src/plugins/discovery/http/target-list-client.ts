import {
  runInSlices,
  type Counter,
  type HttpAnswer,
  type HttpClient,
  type PluginContext,
  type TargetGroup,
} from '../../../plugin-api/index.js';
import { contentHash } from '../target-groups/content-hash.js';
import { inTurn } from '../target-groups/heap-room.js';
import { jsonTargetBudget } from '../target-groups/json-target-counter.js';
import { parseTargetGroupsJson } from '../target-groups/json-target-groups.js';
import { HttpSdAnswerError } from './http-discovery.errors.js';

/** The longest answer that is taken: several hundred thousand targets. An endless one must not take the memory. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

const jsonType = /^application\/json(?:;\s*charset=(?:"utf-8"|utf-8))?$/i;

/** Asks one URL for its list of target groups. */
export class TargetListClient {
  readonly #failures: Counter;
  #lastHash: string | undefined;

  constructor(
    private readonly url: string,
    private readonly intervalMs: number,
    private readonly context: Pick<PluginContext, 'clock' | 'meter'> & {
      readonly http: HttpClient;
    },
  ) {
    this.#failures = context.meter.counter({
      name: 'prometheus_sd_http_failures_total',
      help: 'Number of HTTP service discovery refresh failures.',
    });
    this.#failures.add(0);
  }

  /** @returns The groups; `undefined` when the answer is the same as before. */
  async refresh(signal: AbortSignal): Promise<readonly TargetGroup[] | undefined> {
    try {
      return await this.#ask(signal);
    } catch (error) {
      if (!signal.aborted) this.#failures.add(1);
      throw error;
    }
  }

  async #ask(signal: AbortSignal): Promise<readonly TargetGroup[] | undefined> {
    const { clock, http } = this.context;
    const answer = await http.request(this.url, {
      headers: {
        accept: 'application/json',
        'x-prometheus-refresh-interval-seconds': String(this.intervalMs / 1_000),
      },
      signal,
      timeoutMs: this.intervalMs,
      maxBodyBytes: MAX_BODY_BYTES,
      bodyCheck: jsonTargetBudget,
    });
    checkAnswer(answer);
    const hash = await runInSlices(contentHash(answer.body), clock, signal);
    if (hash === this.#lastHash) return undefined;
    const origin = { name: this.url, label: '__meta_url' };
    const { body } = answer;
    const groups = await inTurn(body.length, clock, () =>
      runInSlices(parseTargetGroupsJson(body, origin), clock, signal),
    );
    this.#lastHash = hash;
    return groups;
  }
}

function checkAnswer({ status, headers }: HttpAnswer): void {
  if (status !== 200) {
    throw new HttpSdAnswerError(`the server answered with HTTP status ${String(status)}, not 200`);
  }
  const type = (headers['content-type'] ?? '').trim();
  if (!jsonType.test(type)) {
    throw new HttpSdAnswerError(
      `the content type is ${JSON.stringify(type.slice(0, 100))}, not application/json`,
    );
  }
}
