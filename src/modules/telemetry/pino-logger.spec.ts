import { PassThrough, Writable } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { Secret } from '../../plugin-api/index.js';
import type { LogConfig } from '../config/index.js';
import { NestLogger } from './nest-logger.js';
import { PinoLogger } from './pino-logger.js';
import { FakeClock } from './testing/fake-clock.js';

const defaults: LogConfig = {
  level: 'info',
  encoder: 'json',
  timeEncoding: 'rfc3339',
  stacktraceLevel: 'error',
};

type Line = Readonly<Record<string, unknown>>;

function linesOf(text: string): readonly Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

function logged(config: Partial<LogConfig> = {}) {
  const stream = new PassThrough();
  const clock = new FakeClock(Date.UTC(2026, 0, 2, 3, 4, 5, 678));
  const logger = PinoLogger.create({ ...defaults, ...config }, clock, stream);
  return { logger, text: () => String(stream.read() ?? '') };
}

describe('PinoLogger', () => {
  it('writes one line of JSON with the keys of the Go allocator', () => {
    const { logger, text } = logged();
    logger.child('collectors').child('kubernetes').info('collectors changed', { collectors: 3 });
    expect(text()).toBe(
      '{"level":"info","ts":"2026-01-02T03:04:05Z","logger":"collectors.kubernetes",' +
        '"msg":"collectors changed","collectors":3}\n',
    );
  });

  it('writes the console form of zap', () => {
    const { logger, text } = logged({ encoder: 'console', timeEncoding: 'iso8601' });
    logger.child('setup').warn('two\nlines\u001b[31m', { path: 'a\u0085b' });
    expect(text()).toBe(
      '2026-01-02T03:04:05.678Z\tWARN\tsetup\ttwo\\nlines\\u001b[31m\t{"path":"a\\u0085b"}\n',
    );
  });

  it.each([
    ['epoch', '1767323045.678'],
    ['millis', '1767323045678'],
    ['nano', '1767323045678000000'],
    ['iso8601', '"2026-01-02T03:04:05.678Z"'],
    ['rfc3339', '"2026-01-02T03:04:05Z"'],
    ['rfc3339nano', '"2026-01-02T03:04:05.678Z"'],
  ] as const)('encodes times as %s', (timeEncoding, shown) => {
    const { logger, text } = logged({ timeEncoding });
    logger.info('x');
    expect(text()).toContain(`"ts":${shown},`);
  });

  it.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['error', ['error']],
    ['panic', []],
  ] as const)('writes at level %s only what is as grave', (level, expected) => {
    const { logger, text } = logged({ level });
    logger.debug('m');
    logger.info('m');
    logger.warn('m');
    logger.error('m');
    const levels = linesOf(text()).map((line) => line['level']);
    expect(levels).toEqual(expected);
  });

  it('escapes every character that could forge a line or hide text', () => {
    const { logger, text } = logged();
    logger.info('a\nb\u2028c', { value: '\u0000\u007f\u009b\u202e\ufeff' });
    const line = text();
    expect(line.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e\ufeff]/);
    expect(JSON.parse(line)).toMatchObject({
      msg: 'a\nb\u2028c',
      value: '\u0000\u007f\u009b\u202e\ufeff',
    });
  });

  it('cuts long values, deep objects and long lists, and says so', () => {
    const { logger, text } = logged();
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    logger.info('m', {
      long: 'x'.repeat(5_000),
      list: Array.from({ length: 60 }, (_, i) => i),
      cyclic,
    });
    const [line] = linesOf(text());
    expect(line?.['long']).toHaveLength(1024 + '… (3976 more characters)'.length);
    expect(line?.['list']).toHaveLength(51);
    expect(line?.['list']).toContain('10 more');
    expect(JSON.stringify(line?.['cyclic'])).toContain('…');
  });

  it('never shows a secret, and takes what JSON cannot say', () => {
    const { logger, text } = logged();
    const hostile = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    logger.info('m', {
      secret: new Secret('hunter2'),
      nested: { deep: [new Secret('hunter2')] },
      big: 2n ** 64n,
      map: new Map([['__proto__', 1]]),
      nothing: undefined,
      nan: NaN,
      hostile,
      msg: 'not the message',
    });
    const line = text();
    expect(line).not.toContain('hunter2');
    expect(line).toContain('"map":{"__proto__":1}');
    expect(JSON.parse(line)).toMatchObject({
      msg: 'm',
      field_msg: 'not the message',
      secret: '<secret>',
      big: '18446744073709551616',
      nan: 'NaN',
      hostile: 'cannot be logged: no',
    });
  });

  it('shows errors with their causes, and a stack trace from the stack trace level on', () => {
    const { logger, text } = logged();
    const error = new Error('cannot list pods', { cause: new Error('connection refused') });
    logger.warn('m', { error });
    logger.error('m', { error });
    const [warning, failure] = linesOf(text());
    expect(warning?.['error']).toBe('cannot list pods: connection refused');
    expect(warning).not.toHaveProperty('stacktrace');
    expect(failure?.['stacktrace']).toContain('pino-logger.spec');
  });

  it('outlives the reader of the log', async () => {
    const stream = new Writable({
      write: (_chunk, _encoding, done) => {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const logger = PinoLogger.create(defaults, new FakeClock(), stream);
    logger.info('first');
    await new Promise((resolve) => setImmediate(resolve));
    expect(stream.destroyed).toBe(true);
    expect(() => {
      logger.info('second');
    }).not.toThrow();
  });
});

describe('NestLogger', () => {
  it('takes the news of the framework for details and its errors for errors', () => {
    const { logger, text } = logged();
    const nest = new NestLogger(logger.child('nest'));
    nest.log('Mapped {/jobs, GET} route', 'RouterExplorer');
    nest.error(new Error('boom'), 'stack', 'ExceptionsHandler');
    const lines = linesOf(text());
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'error',
      logger: 'nest',
      msg: 'boom',
      context: 'ExceptionsHandler',
    });
  });
});
