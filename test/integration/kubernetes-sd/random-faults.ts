import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiFault, ApiProxy } from '../../fixtures/api-proxy.js';
import type { ReceivedCall } from '../../fixtures/api-call-of.js';
import type { FaultProxy } from '../../fixtures/fault-proxy.js';
import { errorEvent, status } from '../../fixtures/scripted-api-server.js';

export interface FaultyWay {
  /** What the client connects to. */
  readonly tcp: FaultProxy;
  /** What that leads to. */
  readonly api: ApiProxy;
  /** How the API server always is, on which faults come. */
  readonly nature: (call: ReceivedCall) => ApiFault | undefined;
}

/** Does one thing after the other to the way to an API server, as a seed decides, and leaves it sound at its end. */
export class RandomFaults {
  readonly done = new Map<string, number>();
  readonly #stop = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  private constructor(
    private readonly way: FaultyWay,
    private readonly random: () => number,
  ) {
    this.#heal();
  }

  static start(way: FaultyWay, random: () => number): RandomFaults {
    const faults = new RandomFaults(way, random);
    faults.#ended = faults.#run();
    return faults;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
    this.#heal();
  }

  async #run(): Promise<void> {
    const faults = Object.entries({ ...this.#faultsOfConnections(), ...this.#faultsOfAnswers() });
    while (!this.#stop.signal.aborted) {
      await sleep(this.#between(50, 500));
      const [name, begin] = faults[Math.floor(this.random() * faults.length)] ?? [];
      if (name === undefined || begin === undefined) return;
      this.done.set(name, (this.done.get(name) ?? 0) + 1);
      begin();
      await sleep(this.#between(50, 700));
      this.#heal();
    }
  }

  #heal(): void {
    const { tcp, api, nature } = this.way;
    tcp.set({});
    api.set(nature);
  }

  #faultsOfConnections(): Readonly<Record<string, () => void>> {
    const { tcp } = this.way;
    return {
      reset: () => {
        tcp.reset();
      },
      cut: () => {
        tcp.cut();
      },
      // Bytes are lost, so that nothing can come of the connection any more: it ends with the fault.
      blackhole: () => {
        tcp.set({ blackhole: true });
        setTimeout(() => {
          tcp.reset();
        }, 40);
      },
      refuse: () => {
        tcp.set({ refuse: true });
        tcp.reset();
      },
      delay: () => {
        tcp.set({ delayMs: this.#between(1, 50) });
      },
      pieces: () => {
        tcp.set({ pieceBytes: this.#between(1, 200) });
      },
    };
  }

  #faultsOfAnswers(): Readonly<Record<string, () => void>> {
    const { api } = this.way;
    return {
      'end of watches': () => {
        api.endWatches();
      },
      '410 in watches': () => {
        api.endWatches(errorEvent(410, 'Expired'));
      },
      '429 in watches': () => {
        api.endWatches(errorEvent(429, 'TooManyRequests'));
      },
      '410 to watches': () => {
        this.#refuse(({ verb }) => verb === 'watch', [410, 'Expired']);
        api.endWatches();
      },
      // A list must be under way, so one is caused.
      '410 to pages': () => {
        this.#refuse(({ query }) => query.has('continue'), [410, 'Expired']);
        api.endWatches(errorEvent(410, 'Expired'));
      },
      '429': () => {
        this.#refuse(() => true, [429, 'TooManyRequests']);
        api.endWatches();
      },
      '503': () => {
        this.#refuse(() => true, [503, 'ServiceUnavailable']);
        api.endWatches();
      },
    };
  }

  #refuse(
    isMeant: (call: ReceivedCall) => boolean,
    [code, reason]: readonly [number, string],
  ): void {
    const answer = {
      status: code,
      body: status(code, reason),
      ...(code === 410 ? {} : { headers: { 'retry-after': '1' } }),
    };
    const { api, nature } = this.way;
    api.set((call) => (isMeant(call) ? { answer } : nature(call)));
  }

  #between(least: number, most: number): number {
    return Math.round(least + this.random() * (most - least));
  }
}
