import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { Allocator } from '../../fixtures/allocator.js';
import { yamlText } from '../../fixtures/yaml-text.js';
import { freshSeed } from '../kubernetes-sd/random.js';
import {
  hostileJobs,
  type HostileRequest,
  hostileRequest,
  noRequest,
} from './hostile-arbitrary.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { type Answer, converse, readAnswers } from './raw-answers.js';

const requestCount = isLongRun ? 1_000_000 : 10_000;
/** Of so many connections at a time, each with two requests on average. */
const connectionsAtATime = 200;
const canary = 'canary-in-a-file-3f9a';
/** What an answer may be: never a redirect, which collectors do not follow, and never a failure. */
const statuses = new Set([200, 304, 400, 404, 408, 413, 414, 415, 417, 431]);

let allocator: Allocator;
beforeAll(async () => {
  const jobs = hostileJobs.map((job_name) => ({
    job_name,
    static_configs: [{ targets: ['h:1'] }],
  }));
  const config = {
    collector_source: { type: 'static', collectors: [{ name: 'c-0' }] },
    config: { scrape_configs: jobs },
  };
  allocator = await Allocator.start({ config: `# ${canary}\n${yamlText(config)}` });
  await allocator.waitUntilReady();
});
afterAll(() => allocator.stop());

/** What is sent on one connection, the last request with a fair one behind it. */
const conversation = fc.record({
  requests: fc.array(fc.oneof({ weight: 19, arbitrary: hostileRequest }, noRequest), {
    minLength: 1,
    maxLength: 3,
  }),
  cutAt: fc.double({ min: 0, max: 1, noNaN: true }),
});

const readAsText = new Set<string>();

/** Collectors read anything as YAML, whatever its status: only text is no job and no end of all jobs. */
function expectText(body: string): void {
  if (readAsText.has(body)) return;
  expect(body).toMatch(/^\d{3} \w/);
  expect(parseDocument(body).toJS()).toBe(body);
  readAsText.add(body);
}

function expectHarmless({ status, headers, body }: Answer): void {
  expect(statuses).toContain(status);
  expect(headers.has('x-injected')).toBe(false);
  if (body === undefined) return;
  expect(body.length).toBeGreaterThan(0);
  const text = body.toString('latin1');
  expect(text).not.toContain(canary);
  expect(text).not.toMatch(/root:.*:0:0:/);
  // A page tells people so; no collector asks for it.
  if (status >= 400 && headers.get('content-type') !== 'text/html; charset=utf-8') expectText(text);
}

/** Line ends before a request are skipped, and answered by nothing. */
const isBlank = ({ bytes }: HostileRequest): boolean => /^[\r\n]*$/.test(bytes.toString('latin1'));

function expectAnswersTo(sent: readonly HostileRequest[], wire: Buffer): void {
  const requests = sent.filter((request) => !isBlank(request));
  const methods = requests.map(({ method }) => method);
  const answers = readAnswers(wire, methods);
  for (const answer of answers) expectHarmless(answer);
  const unclear = requests.findIndex(({ isAmbiguous }) => isAmbiguous);
  if (unclear === -1) return;
  // Node may begin to answer before it sees that the framing is wrong; then the refusal comes second.
  expect(answers.length).toBeLessThanOrEqual(unclear + 2);
  const last = answers.at(-1);
  expect(answers.slice(unclear).map(({ body }) => body?.toString())).not.toContain('ok\n');
  if (answers.length <= unclear) return;
  expect(last?.status).toBeGreaterThanOrEqual(400);
  expect(last?.headers.get('connection')).toBe('close');
}

describe('hostile requests', { timeout: isLongRun ? 7_200_000 : 300_000 }, () => {
  it(`are refused with text, ${String(requestCount)} of them: none brings it down, reads a file, or is answered with nothing`, async () => {
    const seed = freshSeed('hostile requests');
    const seen = { requests: 0, answers: 0 };
    const property = fc.asyncProperty(
      fc.array(conversation, { minLength: 1, maxLength: connectionsAtATime, size: 'max' }),
      async (conversations) => {
        await Promise.all(
          conversations.map(async ({ requests, cutAt }) => {
            const bytes = Buffer.concat(requests.map((request) => request.bytes));
            const cut = Math.floor(cutAt * bytes.length);
            const wire = await converse(allocator.port, [
              bytes.subarray(0, cut),
              bytes.subarray(cut),
            ]);
            seen.requests += requests.length;
            seen.answers += wire.toString('latin1').split('HTTP/1.1 ').length - 1;
            try {
              expectAnswersTo(requests, wire);
            } catch (error) {
              const sent = JSON.stringify(bytes.subarray(0, 2_000).toString('latin1'));
              throw new Error(`to ${sent}: ${String(error)}`, { cause: error });
            }
          }),
        );
        expect(allocator.program.isRunning).toBe(true);
      },
    );
    for (let round = 0; seen.requests < requestCount; round++) {
      await fc.assert(property, { seed: seed + round, numRuns: 10, endOnFailure: true });
    }
    console.info(`${String(seen.requests)} hostile requests, ${String(seen.answers)} answers`);
    expect(seen.answers).toBeGreaterThan(requestCount / 4);
    expect((await allocator.get('/readyz')).status).toBe(200);
    expect(allocator.program.output).not.toMatch(/"level":"(error|fatal)"/);
  });

  it.each(hostileJobs)('do not keep the job %j from its collector', async (job) => {
    const spaced = encodeURIComponent(job).replaceAll('%20', '+');
    for (const name of [encodeURIComponent(job), spaced]) {
      const answer = await allocator.get(`/jobs/${name}/targets?collector_id=c-0`);
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text)).toMatchObject([{ targets: ['h:1'] }]);
    }
    expect(Object.entries((await allocator.getJson('/scrape_configs')) as object)).toContainEqual([
      job,
      expect.objectContaining({ job_name: job }),
    ]);
  });

  it('read no file where the file exists', async () => {
    expect(await readFile(allocator.configFile, 'utf8')).toContain(canary);
    const up = '..%2f'.repeat(12);
    for (const file of [allocator.configFile, '/etc/passwd']) {
      for (const path of [
        ...[file, `/ui/${up}${file}`, `/ui/${'../'.repeat(12)}${file}`, `/${up}${file}`],
        ...[`/jobs/${up}${file.slice(1)}/targets`, `/ui/%00${file}`, `file://${file}`],
      ]) {
        const { status, text } = await allocator.get(path);
        expect(`${path}: ${String(status)}`).toMatch(/: (400|404|200)$/);
        expect(text).not.toContain(canary);
        expect(text).not.toMatch(/root:.*:0:0:/);
        expect(text).not.toBe('');
      }
    }
  });
});
