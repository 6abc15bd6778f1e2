import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatByteSize, parseByteSize } from './byte-size.js';
import { formatGoDuration, parseGoDuration } from './go-duration.js';
import { formatPrometheusDuration, parsePrometheusDuration } from './prometheus-duration.js';

const ok = <T>(value: T) => ({ ok: true, value });

describe('Prometheus durations', () => {
  it.each([
    ['0', 0, '0s'],
    ['0s', 0, '0s'],
    ['324ms', 324, '324ms'],
    ['90s', 90_000, '1m30s'],
    ['4d1h', 349_200_000, '4d1h'],
    ['14d', 1_209_600_000, '2w'],
    ['8d', 691_200_000, '8d'],
    ['2y', 63_072_000_000, '2y'],
    ['1y2w3d4h5m6s7ms', 33_019_506_007, '382d4h5m6s7ms'],
    ['001s', 1000, '1s'],
  ])('reads %s as %i ms and writes it as %s', (text, ms, canonical) => {
    expect(parsePrometheusDuration(text)).toEqual(ok(ms));
    expect(formatPrometheusDuration(ms)).toBe(canonical);
  });

  it.each(['', '1', '1.5h', '-1s', '1s1m', '1s1s', '1d1w', ' 1s', '1 s', '1us', '1M', 's', '300y'])(
    'refuses %j',
    (text) => {
      expect(parsePrometheusDuration(text)).toMatchObject({ ok: false });
    },
  );

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_223_372_036_854 }), (ms) => {
        expect(parsePrometheusDuration(formatPrometheusDuration(ms))).toEqual(ok(ms));
      }),
    );
  });

  it('adds up units in their order and refuses any other order', () => {
    const counts = fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 99 }));
    fc.assert(
      fc.property(counts, ([minutes, seconds]) => {
        const text = `${String(minutes)}m${String(seconds)}s`;
        expect(parsePrometheusDuration(text)).toEqual(ok(minutes * 60_000 + seconds * 1000));
        const swapped = `${String(seconds)}s${String(minutes)}m`;
        expect(parsePrometheusDuration(swapped)).toMatchObject({ ok: false });
      }),
    );
  });
});

describe('Go durations', () => {
  it.each([
    ['0', 0, '0s'],
    ['1.5h', 5_400_000, '1h30m0s'],
    ['30s', 30_000, '30s'],
    ['1h1m1s1ms1us1ns', 3_661_001.001001, '1h1m1.001001001s'],
    ['-1.5s', -1500, '-1.5s'],
    ['+5s', 5000, '5s'],
    ['100ms', 100, '100ms'],
    ['1.5us', 0.0015, '1.5µs'],
    ['1\u03bcs', 0.001, '1µs'],
    ['7ns', 0.000007, '7ns'],
    ['.5s', 500, '500ms'],
    ['5.s', 5000, '5s'],
    ['1m1m', 120_000, '2m0s'],
  ])('reads %s as %f ms and writes it as %s', (text, ms, canonical) => {
    expect(parseGoDuration(text)).toEqual(ok(ms));
    expect(formatGoDuration(ms)).toBe(canonical);
  });

  it.each(['', '1', '1d', '.s', '1.5', '-', '1s 2s', 's', '1.1.1s', '9223372036854775808ns'])(
    'refuses %j',
    (text) => {
      expect(parseGoDuration(text)).toMatchObject({ ok: false });
    },
  );

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_000_000_000, max: 9_000_000_000 }), (us) => {
        const ms = us / 1000;
        expect(parseGoDuration(formatGoDuration(ms))).toEqual(ok(ms === 0 ? 0 : ms));
      }),
    );
  });
});

describe('byte sizes', () => {
  it.each([
    ['15MB', 15_728_640, '15MiB'],
    ['15MiB', 15_728_640, '15MiB'],
    ['1.5GB', 1_610_612_736, '1GiB512MiB'],
    ['1KB512B', 1536, '1KiB512B'],
    ['0', 0, '0B'],
    ['500B', 500, '500B'],
    ['-1KB', -1024, '-1KiB'],
  ])('reads %s as %i bytes and writes it as %j', (text, bytes, canonical) => {
    expect(parseByteSize(text)).toEqual(ok(bytes));
    expect(formatByteSize(bytes)).toBe(canonical);
  });

  it.each(['', '15', '15kB', '15mb', '1MiB1MB', 'MB', '1 MB', '99999999EB', '1e3B'])(
    'refuses %j',
    (text) => {
      expect(parseByteSize(text)).toMatchObject({ ok: false });
    },
  );

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (bytes) => {
        expect(parseByteSize(formatByteSize(bytes))).toEqual(ok(bytes));
      }),
    );
  });
});
