import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectorLink, jobInUrl, jobLink, queryEscape } from './job-link.js';

/** Text of any code points that UTF-8 can carry. */
const anyText = fc
  .array(fc.oneof(fc.constantFrom(0x25, 0x2b, 0x2f, 0x20), fc.integer({ min: 1, max: 0x10ffff })))
  .map((codes) => Buffer.from(String.fromCodePoint(...codes)).toString());

describe('links to jobs', () => {
  // By url.QueryEscape of Go 1.26.
  it.each([
    ['a', 'a'],
    ['a b', 'a+b'],
    ['a+b', 'a%2Bb'],
    ['serviceMonitor/ns/x/0', 'serviceMonitor%2Fns%2Fx%2F0'],
    ['50% off', '50%25+off'],
    ["-_.~!*'()", '-_.~%21%2A%27%28%29'],
    ['a&b=c?d#e', 'a%26b%3Dc%3Fd%23e'],
    ['ünï', '%C3%BCn%C3%AF'],
    ['😀', '%F0%9F%98%80'],
    ['\ud800', '%EF%BF%BD'],
  ])('escape %j as Go does', (job, escaped) => {
    expect(queryEscape(job)).toBe(escaped);
  });

  it('lead back to their job, for every name', () => {
    fc.assert(
      fc.property(anyText, fc.string(), (job, collector) => {
        expect(jobInUrl(jobLink(job))).toBe(job);
        expect(jobInUrl(collectorLink(job, collector))).toBe(job);
      }),
    );
  });

  it.each([
    ['/jobs/a%20b/targets', 'a b'],
    ['/jobs/a+b/targets?x=/jobs/c/targets', 'a b'],
    ['/jobs/a%2Bb/targets/', 'a+b'],
    ['/jobs/a%2fb/targets', 'a/b'],
    ['/jobs/%2525/targets', '%25'],
    ['/jobs//targets', ''],
  ])('are read from %s as %j', (url, job) => {
    expect(jobInUrl(url)).toBe(job);
  });

  it.each([
    '/jobs/50% off/targets',
    '/jobs/%zz/targets',
    '/jobs/%ff/targets',
    '/jobs',
    '/x/jobs/a',
  ])('are not read from %s', (url) => {
    expect(jobInUrl(url)).toBeUndefined();
  });
});
