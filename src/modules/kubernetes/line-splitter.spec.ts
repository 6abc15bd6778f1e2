import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiProtocolError } from './kubernetes.errors.js';
import { LineSplitter, longestLineBytes } from './line-splitter.js';

function split(bytes: Uint8Array, cuts: readonly number[]): readonly string[] {
  const splitter = new LineSplitter();
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted(
    (a, b) => a - b,
  );
  let begin = 0;
  return ends.flatMap((end) => {
    const chunk = bytes.subarray(begin, end);
    begin = end;
    return splitter.push(chunk);
  });
}

describe('LineSplitter', () => {
  it('gives the same lines wherever the stream is cut', () => {
    const unit = fc.constantFrom('a', '"', '\r', 'ü', '漢', '😀');
    const line = fc.string({ unit, maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (lines, cuts) => {
          const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''), 'utf8');
          expect(split(bytes, cuts)).toEqual(
            lines.map((text) => Buffer.from(text).toString()).filter((text) => text !== ''),
          );
        },
      ),
    );
  });

  it('puts a huge line together that comes byte by byte, characters of several bytes included', () => {
    const text = 'ümläut 漢字 😀 '.repeat(50_000);
    const bytes = Buffer.from(`${text}\nnext\n`);
    const splitter = new LineSplitter();
    const lines: string[] = [];
    for (let i = 0; i < bytes.length; i += 1)
      lines.push(...splitter.push(bytes.subarray(i, i + 1)));
    expect(lines).toEqual([text, 'next']);
  });

  it('holds an unfinished line back', () => {
    const splitter = new LineSplitter();
    expect(splitter.push(Buffer.from('whole\nhal'))).toEqual(['whole']);
    expect(splitter.hasPartialLine).toBe(true);
    expect(splitter.push(Buffer.from('f\n'))).toEqual(['half']);
    expect(splitter.hasPartialLine).toBe(false);
  });

  it('refuses bytes that are no UTF-8', () => {
    const splitter = new LineSplitter();
    expect(() => splitter.push(Buffer.from([0x22, 0xff, 0x22, 0x0a]))).toThrow(ApiProtocolError);
  });

  it('refuses a line that never ends', () => {
    const splitter = new LineSplitter();
    const chunk = Buffer.alloc(longestLineBytes / 2 + 1, 'x');
    splitter.push(chunk);
    expect(() => splitter.push(chunk)).toThrow(ApiProtocolError);
  });
});
