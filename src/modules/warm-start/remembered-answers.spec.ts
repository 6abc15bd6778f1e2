import { describe, expect, it } from 'vitest';
import { FakeServedState, scrapeConfig, servedConfigs } from '../http/testing/fake-served-state.js';
import { partialConfig } from '../http/testing/test-app.js';
import type { ConfigService } from '../config/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { RememberedAnswers } from './remembered-answers.js';
import { type RememberedJob, RememberedState } from './remembered-state.js';

const body = Buffer.from('[{}]');

function job(name: string, fields: Partial<RememberedJob> = {}): RememberedJob {
  const owned = { high: Int32Array.of(1, -1), low: Int32Array.of(2, -2) };
  return {
    job: name,
    scrapeConfig: Buffer.from(`"${name}":{}`),
    hasSecrets: false,
    parts: [{ collector: 'c-0', body, owned }],
    asOfMs: 0,
    hasOwners: true,
    ...fields,
  };
}

function remembering(...jobs: readonly RememberedJob[]) {
  const clock = new FakeClock();
  const asOfMs = clock.epochMs();
  const remembered = new RememberedState();
  remembered.take({
    asOfMs,
    collectors: ['c-0', 'c-1'],
    jobs: jobs.map((one) => ({ ...one, asOfMs: one.asOfMs + asOfMs })),
    isWhole: true,
  });
  const state = new FakeServedState();
  state.unknown = 'the jobs are not known yet';
  state.scrapeConfigs = undefined;
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- a fake: nothing else of it is read
  const config = { current: partialConfig({ stateMaxAgeMs: 60_000 }) } as ConfigService;
  const answers = new RememberedAnswers(remembered, state, config, clock);
  return { answers, remembered, state, clock };
}

const text = (answer: { readonly bytes: Uint8Array } | undefined): string | undefined =>
  answer && Buffer.from(answer.bytes).toString();

describe('remembered answers', () => {
  it('are those of collectors that there were, and of jobs whose targets were known', () => {
    const { answers } = remembering(job('a'), job('unheard', { parts: undefined }));
    expect(text(answers.ofCollector('a', 'c-0'))).toBe('[{}]');
    expect(text(answers.ofCollector('a', 'c-1'))).toBe('[]');
    expect(answers.ofCollector('a', 'new')).toBeUndefined();
    expect(answers.ofCollector('b', 'c-0')).toBeUndefined();
    expect(answers.ofCollector('unheard', 'c-0')).toBeUndefined();
    expect(answers.ofJob('a')?.parts.map(({ collector }) => collector)).toEqual(['c-0', 'c-1']);
    expect([...answers.jobsWithTargets()]).toEqual(['a']);
    expect(text(answers.scrapeConfigs('mask'))).toBe('{"a":{},"unheard":{}}');
  });

  it('end for a job that the configuration does not have any more', () => {
    const { answers, state } = remembering(job('a'), job('gone'));
    state.scrapeConfigs = servedConfigs([scrapeConfig('a')]);
    expect(answers.ofCollector('gone', 'c-0')).toBeUndefined();
    expect([...answers.jobsWithTargets()]).toEqual(['a']);
    expect(answers.scrapeConfigs('mask')).toBeUndefined();
  });

  it('are forgotten job by job', () => {
    const { answers, remembered, state } = remembering(job('a'), job('b'));
    remembered.forgetKnown(state);
    expect(remembered.size).toBe(2);
    state.unknown = undefined;
    state.scrapeConfigs = servedConfigs([scrapeConfig('a'), scrapeConfig('b')]);
    state.reasons.set('b', 'not yet');
    remembered.forgetKnown(state);
    expect(remembered.collectorOf('a', 1, 2)).toBeUndefined();
    expect(remembered.collectorOf('b', 1, 2)).toBe('c-0');
    expect(answers.asOfMs).toBeDefined();
    state.reasons.clear();
    remembered.forgetKnown(state);
    expect(answers.asOfMs).toBeUndefined();
  });

  it('end when they are too old, each at its time, and owners do not', async () => {
    const { answers, remembered, clock } = remembering(job('a'), job('older', { asOfMs: -30_000 }));
    await clock.advance(31_000);
    expect(answers.ofCollector('older', 'c-0')).toBeUndefined();
    expect(answers.ofCollector('a', 'c-0')).toBeDefined();
    await clock.advance(30_000);
    expect(answers.ofCollector('a', 'c-0')).toBeUndefined();
    expect(answers.scrapeConfigs('mask')).toBeUndefined();
    expect(remembered.collectorOf('a', -1, -2)).toBe('c-0');
  });

  it('never show what was masked as a secret, and no list that lacks a job', () => {
    const secret = remembering(job('a', { hasSecrets: true }));
    expect(secret.answers.scrapeConfigs('reveal')).toBeUndefined();
    expect(secret.answers.scrapeConfigs('mask')).toBeDefined();
    const part = remembering(job('a'));
    part.remembered.take({ asOfMs: 0, collectors: [], jobs: [], isWhole: false });
    expect(part.answers.scrapeConfigs('mask')).toBeUndefined();
  });

  it('tell no owner that another strategy has chosen', () => {
    const { remembered } = remembering(job('a', { hasOwners: false }));
    expect(remembered.collectorOf('a', 1, 2)).toBeUndefined();
  });
});
