import {
  endMark,
  event,
  list,
  object,
  ScriptedApiServer,
  status,
  things,
  type ScriptedRequest,
} from '../../../../test/fixtures/scripted-api-server.js';
import { RecordingLogger } from '../../../../test/fixtures/plugin-context.js';
import { expect, vi } from 'vitest';
import type { Informer, InformerChange } from '../../../plugin-api/index.js';
import { FakeClock } from '../../telemetry/testing/fake-clock.js';
import { FileCredentials } from '../api-credentials.js';
import { ClusterAccess } from '../cluster-access.js';

export type Answerer = (request: ScriptedRequest) => void;
/** Answers some requests; tells whether it did. */
export type PartialAnswerer = (request: ScriptedRequest) => boolean;

const told = 'storage of the API server went back to an older revision, listing all again';

export const isRead = ({ query }: ScriptedRequest): boolean => query.get('limit') === '1';

export const refuse: Answerer = (request) => {
  request.answer(503, status(503, 'ServiceUnavailable'));
};

/** A server whose storage is at a version; watches from another one wait in silence. */
export const servesAt =
  (version: number, more: PartialAnswerer = () => false): Answerer =>
  (request) => {
    if (more(request)) return;
    if (request.path === '/readyz') request.answer(200, 'ok');
    else if (isRead(request)) request.answer(200, list(version, []));
    else if (request.query.has('sendInitialEvents')) {
      request.stream(event('ADDED', object('b', 100)), endMark(version));
    } else request.write('');
  };

/** Two kinds that have seen 400 and 250, and a server that answers as the test says. */
export class OutageBench {
  readonly clock = new FakeClock();
  readonly logger = new RecordingLogger();
  readonly access: ClusterAccess;
  readonly pods: Informer<string>;
  readonly nodes: Informer<string>;
  /** Of the pods. */
  readonly changes: (readonly InformerChange<string>[])[] = [];
  /** Every request since the test last emptied it. */
  readonly requests: ScriptedRequest[] = [];
  /** What the server does. */
  answer: Answerer = (request) => {
    const isPods = request.path.endsWith('/pods');
    request.stream(event('ADDED', object('a', 200)), endMark(isPods ? 400 : 250));
  };
  readonly #server: ScriptedApiServer;

  private constructor(server: ScriptedApiServer) {
    this.#server = server;
    const { clock, logger } = this;
    this.access = new ClusterAccess({
      name: 'own',
      open: () => Promise.resolve({ url: server.url, credentials: new FileCredentials({}) }),
      clock,
      logger,
      random: () => 0.5,
    });
    [this.pods, this.nodes] = [this.#informerOf('pods'), this.#informerOf('nodes')];
    this.pods.onChange((batch) => this.changes.push(batch));
    void this.#serve();
  }

  static async start(): Promise<OutageBench> {
    const bench = new OutageBench(await ScriptedApiServer.start());
    const informers = [bench.pods, bench.nodes];
    await Promise.all(informers.map((one) => one.synced(AbortSignal.timeout(5_000))));
    return bench;
  }

  /** The names that both kinds have, pods first. */
  get names(): readonly string[] {
    return [...this.pods.list(), ...this.nodes.list()];
  }

  get reads(): readonly ScriptedRequest[] {
    return this.requests.filter(isRead);
  }

  get listings(): readonly ScriptedRequest[] {
    return this.requests.filter(({ query }) => query.has('sendInitialEvents'));
  }

  get warnings(): RecordingLogger['lines'] {
    return this.logger.lines.filter(({ message }) => message === told);
  }

  async passes(seconds: number): Promise<void> {
    for (let step = 0; step < seconds * 2; step += 1) {
      await this.clock.advance(500);
      // Lets answers over the real socket arrive.
      for (let turn = 0; turn < 5; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  /** Everything is cut and refused until it was noticed, then the server is back. */
  async outage(back: Answerer): Promise<void> {
    this.answer = refuse;
    this.cutAll();
    await vi.waitFor(async () => {
      await this.passes(1);
      const probes = this.requests.filter(({ path }) => path === '/readyz');
      expect(probes.length).toBeGreaterThan(1);
    });
    this.requests.length = 0;
    this.answer = back;
  }

  cutAll(): void {
    for (const request of this.requests) request.cut();
  }

  async eventually(check: () => void): Promise<void> {
    await vi.waitFor(async () => {
      await this.passes(1);
      check();
    }, 5_000);
  }

  /** No timer is left behind. */
  async close(): Promise<void> {
    this.access.close();
    await this.#server.close();
    await this.clock.advance(0);
    expect(this.clock.pendingTimers).toBe(0);
  }

  async #serve(): Promise<void> {
    for (;;) {
      const request = await this.#server.next();
      this.requests.push(request);
      this.answer(request);
    }
  }

  #informerOf(plural: string): Informer<string> {
    return this.access.informer({ ...things, plural });
  }
}
