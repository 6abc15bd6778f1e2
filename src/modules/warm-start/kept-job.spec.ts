import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJob, encodeJob, fileOfJob, type KeptJob } from './kept-job.js';
import { packed } from './packed-file.js';
import { decodeHead, encodeHead } from './snapshot-head.js';
import { KeptFileRefusedError } from './warm-start.errors.js';

const halves = fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 5 });
const keptJob: fc.Arbitrary<KeptJob> = fc
  .record({
    job: fc.string({ unit: 'grapheme' }),
    hasSecrets: fc.boolean(),
    parts: fc.option(
      fc.array(fc.record({ collector: fc.string(), text: fc.string(), high: halves }), {
        maxLength: 3,
      }),
      { nil: undefined },
    ),
  })
  .map(({ job, hasSecrets, parts }) => ({
    job,
    hasSecrets,
    scrapeConfig: Buffer.from(`${JSON.stringify(job)}:{"job_name":1}`),
    parts: parts?.map(({ collector, text, high }) => ({
      collector,
      body: Buffer.from(JSON.stringify([text])),
      owned: { high: Int32Array.from(high), low: Int32Array.from(high, (half) => ~half) },
    })),
  }));

/** Whatever comes of it: the answer, or a refusal. Anything else is a crash. */
function orRefused<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    expect(error).toBeInstanceOf(KeptFileRefusedError);
    return undefined;
  }
}

const plain = (job: KeptJob): unknown =>
  JSON.parse(
    JSON.stringify({
      ...job,
      scrapeConfig: Buffer.from(job.scrapeConfig).toString(),
      parts: job.parts?.map(({ collector, body, owned }) => ({
        collector,
        body: Buffer.from(body).toString(),
        high: [...owned.high],
        low: [...owned.low],
      })),
    }),
  );

describe('a kept job', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(keptJob, (job) => {
        expect(plain(decodeJob(Buffer.concat(encodeJob(job))))).toEqual(plain(job));
      }),
    );
  });

  it('is read or refused, whatever has been done to its bytes', () => {
    fc.assert(
      fc.property(keptJob, fc.nat(), fc.nat(255), fc.nat(), (job, at, byte, length) => {
        const bytes = Buffer.concat(encodeJob(job));
        bytes[at % bytes.length] = byte;
        orRefused(() => decodeJob(bytes));
        orRefused(() => decodeJob(bytes.subarray(0, length % bytes.length)));
        orRefused(() => decodeHead(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('is refused when it is something else altogether', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(orRefused(() => decodeJob(bytes))).toBeUndefined();
        expect(orRefused(() => decodeHead(bytes))).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (head) => {
        const bytes = Buffer.concat(packed(head));
        expect(orRefused(() => decodeJob(bytes))).toBeUndefined();
        orRefused(() => decodeHead(bytes));
      }),
    );
  });

  it('cannot bring more than itself into the list of all jobs', () => {
    const forged = (entry: string): Uint8Array =>
      Buffer.concat(
        encodeJob({ job: 'a', hasSecrets: false, scrapeConfig: Buffer.from(entry), parts: [] }),
      );
    expect(decodeJob(forged('"a":{}')).job).toBe('a');
    for (const entry of ['"a":{},"b":{}', '"b":{}', '', '"a":{}}', '"a":{']) {
      expect(() => decodeJob(forged(entry)), entry).toThrow(KeptFileRefusedError);
    }
  });

  it('has a file name of its own that says nothing of it', () => {
    for (const job of ['a', '../../etc/passwd', 'x'.repeat(10_000), '\0', 'é']) {
      expect(fileOfJob(job)).toMatch(/^job-[0-9a-f]{32}\.gz$/);
    }
    expect(fileOfJob('a')).not.toBe(fileOfJob('b'));
  });
});

describe('the head of a snapshot', () => {
  const head = { namespace: 'n', strategy: 's', collectors: ['c'], jobs: [] };

  it('is read as it was written', () => {
    const jobs = [
      { file: fileOfJob('a'), asOfMs: undefined },
      { file: fileOfJob('b'), asOfMs: 17 },
    ];
    expect(decodeHead(Buffer.concat(encodeHead({ ...head, jobs })))).toEqual({ ...head, jobs });
  });

  it('names no file outside of the directory', () => {
    for (const file of ['../job-x.gz', '/etc/passwd', 'job-1.gz', `${fileOfJob('a')}/x`]) {
      const bytes = Buffer.concat(encodeHead({ ...head, jobs: [{ file, asOfMs: undefined }] }));
      expect(() => decodeHead(bytes), file).toThrow(KeptFileRefusedError);
    }
  });

  it('of another format is refused with both formats named', () => {
    const bytes = Buffer.concat(packed({ ...head, format: 2 }));
    expect(() => decodeHead(bytes)).toThrow('it has format 2, not 1');
  });
});
