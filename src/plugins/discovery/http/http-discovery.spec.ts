import { describe, expect, it } from 'vitest';
import { testContext } from '../../../../test/fixtures/plugin-context.js';
import type {
  HttpAnswer,
  HttpRequestOptions,
  HttpSdConfig,
  TargetGroup,
} from '../../../plugin-api/index.js';
import { httpDiscovery } from './http-discovery.js';

const config: HttpSdConfig = {
  url: 'http://sd.test/targets?dc=1',
  refresh_interval: '30s',
  follow_redirects: true,
  enable_http2: true,
};
const json = (body: string, headers: Record<string, string> = {}, status = 200): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.from(body),
});

/** Runs the discovery against a script of answers; the last one is given for ever. */
async function start(...script: readonly [HttpAnswer, ...HttpAnswer[]]) {
  const asked: { url: string; options: HttpRequestOptions }[] = [];
  let isClosed = false;
  const context = testContext(() => ({
    request: (url, options) => {
      const answer = script[Math.min(asked.length, script.length - 1)] ?? script[0];
      asked.push({ url, options });
      return Promise.resolve(answer);
    },
    close: () => {
      isClosed = true;
      return Promise.resolve();
    },
  }));
  const emitted: (readonly TargetGroup[])[] = [];
  const stop = new AbortController();
  const done = httpDiscovery
    .create(config, context)
    .run((groups) => emitted.push(groups), stop.signal);
  while (asked.length === 0) await context.clock.advance(0);
  await context.clock.advance(0);
  return { context, asked, emitted, stop, done, isClosed: () => isClosed };
}
const brief = (groups: readonly TargetGroup[] | undefined): unknown =>
  groups?.map(({ source, targets }) => [source, targets.map((t) => t['__address__'])]);

describe('HTTP discovery', () => {
  it('asks at once, and says how often it will ask', async () => {
    const run = await start(json('[{"targets":["a:1"],"labels":{"__meta_url":"lie"}}]'));
    expect(run.asked[0]).toMatchObject({
      url: config.url,
      options: {
        headers: {
          accept: 'application/json',
          'x-prometheus-refresh-interval-seconds': '30',
        },
        timeoutMs: 30_000,
      },
    });
    expect(brief(run.emitted[0])).toEqual([[`${config.url}:0`, ['a:1']]]);
    expect(run.emitted[0]?.[0]?.labels['__meta_url']).toBe(config.url);
    await run.context.clock.advance(30_000);
    expect(run.asked).toHaveLength(2);
  });

  it('follows changes group by group, and obeys an empty list', async () => {
    const run = await start(
      json('[{"targets":["a:1"]},{"targets":["b:1"]}]'),
      json('[{"targets":["a:1"]},{"targets":["b:2"]}]'),
      json('[{"targets":["a:1"]}]'),
      json('[]'),
    );
    await run.context.clock.advance(90_000);
    expect(run.emitted.slice(1).map(brief)).toEqual([
      [[`${config.url}:1`, ['b:2']]],
      [[`${config.url}:1`, []]],
      [[`${config.url}:0`, []]],
    ]);
  });

  it.each([
    ['a status other than 200', json('[]', {}, 500), 'HTTP status 500'],
    ['no content', json('', {}, 204), 'HTTP status 204'],
    ['another type', json('[]', { 'content-type': 'text/html' }), 'content type is "text/html"'],
    ['another charset', json('[]', { 'content-type': 'application/json; charset=x' }), 'type'],
    ['broken JSON', json('[{"targets":["a:1"]}'), 'TA_TARGET_GROUPS_INVALID'],
    ['a null group', json('[null]'), 'a group is null'],
    ['a list of the wrong things', json('[{"targets":[1]}]'), 'expected a text'],
    ['a web page', json('<html>'), 'found "<"'],
  ])('keeps the last good list on %s, and counts the failure', async (_, answer, error) => {
    const run = await start(json('[{"targets":["a:1"]}]'), answer);
    await run.context.clock.advance(30_000);
    expect(run.asked).toHaveLength(2);
    expect(run.emitted).toHaveLength(1);
    expect(run.context.meter.series('prometheus_sd_http_failures_total')).toEqual({ '{}': 1 });
    expect(run.context.logger.lines.at(-1)?.fields['error']).toContain(error);
  });

  it.each([
    'application/json',
    'Application/JSON;charset=utf-8',
    'application/json; charset="UTF-8"',
  ])('takes the type %s', async (type) => {
    const run = await start(json('[]', { 'content-type': type }));
    expect(run.emitted).toEqual([[]]);
  });

  it('closes its client when it is stopped', async () => {
    const run = await start(json('[]'));
    run.stop.abort();
    await run.done;
    expect(run.isClosed()).toBe(true);
  });
});
