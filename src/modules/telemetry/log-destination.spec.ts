import { closeSync, openSync } from 'node:fs';
import { Writable } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { LogDestination } from './log-destination.js';

const plain = (line: string): string => line;
const line = `${'x'.repeat(1_023)}\n`;

describe('a log', () => {
  it('that nobody reads keeps a mebibyte of lines and counts the others', () => {
    const stream = new Writable({ write: () => undefined });
    const log = new LogDestination(stream, plain);
    for (let i = 0; i < 2_000; i++) log.write(line);
    expect(stream.writableLength).toBe(1024 * 1024);
    expect(log.dropped).toBe(2_000 - 1_024);
  });

  it('whose reader has gone counts what was on its way as well', async () => {
    const stream = new Writable({
      write: (_chunk, _encoding, done) => {
        setImmediate(done, Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const log = new LogDestination(stream, plain);
    for (let i = 0; i < 3; i++) log.write(line);
    await new Promise((resolve) => stream.once('close', resolve));
    log.write(line);
    expect(log.dropped).toBe(4);
  });

  it.skipIf(process.platform !== 'linux')('on a full disk counts every line', () => {
    const fd = openSync('/dev/full', 'w');
    try {
      const log = new LogDestination(Object.assign(new Writable(), { fd }), plain);
      for (let i = 0; i < 3; i++) log.write(line);
      expect(log.dropped).toBe(3);
    } finally {
      closeSync(fd);
    }
  });
});
