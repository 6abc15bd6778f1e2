import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Allocator } from '../../fixtures/allocator.js';
import { eventually } from '../../fixtures/eventually.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { serveHttp, type LocalServer } from '../../fixtures/sd-server.js';
import { sendAddresses } from './address-list.js';
import { sendEndlessList } from './endless-list.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const MIB = 1024 * 1024;
/** What an answer may be long, see target-list-client.ts. */
const BUDGET_MIB = 256;
const jsonHeaders = { 'content-type': 'application/json' };
const json =
  (body: string | Buffer, headers = {}): Answer =>
  (_, response) => {
    response.writeHead(200, { ...jsonHeaders, ...headers }).end(body);
  };
const good = json('[{"targets":["good:1"]}]');

/** Groups of two targets with 18 labels each: 48 MB for 100,000 targets. */
function list(targets: number): string {
  const groups = Array.from({ length: targets / 2 }, (_, g) => {
    const labels = Array.from({ length: 18 }, (_, l) => [
      `__meta_kubernetes_pod_label_${String(l)}`,
      `value-${String(l)}-${String(g % 50)}`,
    ]);
    const addresses = [0, 1].map((t) => `10.${String(g >> 8)}.${String(g & 255)}.${String(t)}:80`);
    return JSON.stringify({ targets: addresses, labels: Object.fromEntries(labels) as unknown });
  });
  return `[${groups.join()}]`;
}

interface StartOptions {
  readonly heapMib?: number;
  readonly refresh?: string;
}

/** The allocator with a job of one target that never changes, and one whose list the test answers. */
class Running {
  answer: Answer = good;
  #server: LocalServer | undefined;
  #allocator: Allocator | undefined;

  /** A list may take as long as the interval: what is big on a busy machine does. */
  async start({ heapMib, refresh = '20s' }: StartOptions = {}): Promise<void> {
    this.#server = await serveHttp((request, response) => {
      this.answer(request, response);
    });
    const url = `${this.#server.origin}/sd`;
    this.#allocator = await Allocator.start({
      config: {
        collector_source: { type: 'static', collectors: [{ name: 'c', node: 'n' }] },
        allocation_strategy: 'consistent-hashing',
        config: {
          scrape_configs: [
            { job_name: 'other', static_configs: [{ targets: ['other:1'] }] },
            { job_name: 'sd', http_sd_configs: [{ url, refresh_interval: refresh }] },
          ],
        },
      },
      env: heapMib === undefined ? {} : { NODE_OPTIONS: `--max-old-space-size=${String(heapMib)}` },
    });
    await this.allocator.waitUntilReady();
  }

  get allocator(): Allocator {
    if (this.#allocator === undefined) throw new Error('it was not started');
    return this.#allocator;
  }

  async stop(): Promise<void> {
    await this.#allocator?.stop();
    await this.#server?.close();
  }

  /** How much memory the process has had at most since {@link forgetPeak}, in MiB. */
  peakMib(): number {
    const status = readFileSync(this.#proc('status'), 'utf8');
    return Number(/VmHWM:\s*(\d+)/.exec(status)?.[1]) / 1024;
  }

  /** From now on the peak is of what comes. @see proc_pid_clear_refs(5) */
  forgetPeak(): void {
    writeFileSync(this.#proc('clear_refs'), '5');
  }

  #proc(file: string): string {
    return `/proc/${String(this.allocator.program.pid)}/${file}`;
  }

  failures(): Promise<number> {
    return this.allocator.metric('prometheus_sd_http_failures_total');
  }

  async served(job: string): Promise<string> {
    return (await this.allocator.get(`/jobs/${job}/targets?collector_id=c`)).text;
  }

  /** The answer is refused; meanwhile nothing is lost, and probes are answered. */
  async refuses(answer: Answer): Promise<void> {
    const before = await this.failures();
    this.answer = answer;
    await eventually(
      'a refused answer',
      async () => {
        expect((await this.allocator.get('/livez')).status).toBe(200);
        expect(await this.served('other')).toContain('"other:1"');
        return (await this.failures()) > before ? true : undefined;
      },
      { timeoutMs: isLongRun ? 250_000 : 50_000 },
    );
    this.answer = good;
    expect(await this.served('sd')).toContain('"good:1"');
    expect(this.allocator.program.isRunning).toBe(true);
  }
}

let running: Running;
beforeEach(() => {
  running = new Running();
});
afterEach(async () => {
  await running.stop();
});

describe.skipIf(process.platform !== 'linux')('a list of targets that is too much', () => {
  it('is refused at its budget when it has no end, for about the memory of the budget', async () => {
    await running.start();
    const base = running.peakMib();
    await running.refuses((_, response) => {
      sendEndlessList(response);
    });
    await running.allocator.program.waitForOutput(/TA_HTTP_BODY_TOO_LARGE/, 5_000);
    expect(running.peakMib() - base).toBeLessThan(1.5 * BUDGET_MIB);
  }, 90_000);

  it('is never inflated', async () => {
    await running.start({ refresh: '1s' });
    const gzipped = gzipSync(Buffer.alloc(BUDGET_MIB * MIB, 0x20));
    const bombs = [
      json(gzipped, { 'content-encoding': 'gzip' }),
      json(brotliCompressSync(gzipped), { 'content-encoding': 'gzip, br' }),
      // Node.js 20 makes no zstd; it is refused by its name.
      json(gzipped, { 'content-encoding': 'zstd' }),
    ];
    const growths: number[] = [];
    for (let i = 0; i < 2 * bombs.length; i++) {
      running.forgetPeak();
      const base = running.peakMib();
      await running.refuses(bombs[i % bombs.length] ?? good);
      growths.push(running.peakMib() - base);
    }
    console.info(`MiB more: ${growths.map((mib) => mib.toFixed(1)).join(', ')}`);
    // Garbage of its other work makes an allocator grow now and then; what a bomb does it does each time.
    expect(growths.sort((a, b) => a - b)[bombs.length]).toBeLessThan(5);
    expect(growths.at(-1)).toBeLessThan(BUDGET_MIB / 8);
  }, 90_000);

  it('is refused while it is read when it is 10,000,000 addresses, however large the heap', async () => {
    await running.start({ refresh: '5s' });
    const [base, failed] = [running.peakMib(), await running.failures()];
    let sentMib = 0;
    await running.refuses((_, response) => {
      sendAddresses(response, 10_000_000, (bytes) => (sentMib += bytes / MIB));
    });
    await running.allocator.program.waitForOutput(
      /TA_TARGET_LIST_TOO_LONG.*2000000 targets/,
      5_000,
    );
    expect(await running.failures()).toBe(failed + 1);
    const moreMib = running.peakMib() - base;
    console.info(
      `10,000,000 addresses: ${sentMib.toFixed(0)} MiB sent, ${moreMib.toFixed(0)} more`,
    );
    expect(sentMib).toBeLessThan(BUDGET_MIB / 2);
    expect(moreMib).toBeLessThan(BUDGET_MIB / 2);
  }, 90_000);

  it('is refused when a label is 10 MiB long, which is told without the label', async () => {
    await running.start({ refresh: '3s' });
    const value = 'x'.repeat(10 * MIB);
    await running.refuses(json(JSON.stringify([{ targets: ['a:1'], labels: { long: value } }])));
    await running.allocator.program.waitForOutput(/"long\\" is 10485760 bytes long/, 5_000);
    expect(running.allocator.program.output).not.toContain('xxxxxxxxxxxxxxxx');
  }, 90_000);

  it('is refused when the heap has no room for it, and the process lives', async () => {
    await running.start({ heapMib: 96 });
    await running.refuses(json(list(240_000)));
    await running.allocator.program.waitForOutput(/TA_MEMORY_SHORT/, 5_000);
  }, 90_000);

  it('is refused in the same way when it is 1,500,000 addresses', async () => {
    await running.start({ heapMib: 96, refresh: '8s' });
    const [base, failed] = [running.peakMib(), await running.failures()];
    await running.refuses((_, response) => {
      sendAddresses(response, 1_500_000);
    });
    await running.allocator.program.waitForOutput(/TA_MEMORY_SHORT/, 5_000);
    expect(await running.failures()).toBe(failed + 1);
    const moreMib = running.peakMib() - base;
    console.info(`1,500,000 addresses: ${moreMib.toFixed(0)} MiB more`);
    expect(moreMib).toBeLessThan(1.5 * BUDGET_MIB);
  }, 90_000);
});

describe('a list of 1,000,000 addresses', () => {
  it('is taken', async () => {
    running.answer = (_, response) => {
      sendAddresses(response, 1_000_000);
    };
    await running.start({ refresh: '60s' });
    await eventually(
      'all targets',
      async () => {
        const name = 'opentelemetry_allocator_targets_per_collector';
        // And that of the other job.
        return (await running.allocator.metric(name)) === 1_000_001 ? true : undefined;
      },
      { timeoutMs: 60_000, everyMs: 500 },
    );
  }, 90_000);
});

describe.skipIf(process.platform !== 'linux')('a list of 100,000 targets in 48 MB', () => {
  it('is served, and probes are answered all the time', async () => {
    running.answer = json(list(100_000));
    await running.start();
    await eventually(
      'all targets',
      async () => {
        expect((await running.allocator.get('/livez')).status).toBe(200);
        const served: unknown = JSON.parse(await running.served('sd'));
        if (!Array.isArray(served)) throw new Error('no list');
        return served.length === 100_000 ? true : undefined;
      },
      { timeoutMs: 60_000, everyMs: 500 },
    );
    expect(running.peakMib()).toBeLessThan(900);
  }, 120_000);
});
