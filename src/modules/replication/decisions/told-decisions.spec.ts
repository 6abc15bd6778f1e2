import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecisionsAnswerError } from '../replication.errors.js';
import {
  type DecisionLine,
  mostTargetsPerLine,
  readDecisionLine,
  writeDecisionLine,
} from './decision-lines.js';
import { DecisionsReader, type ToldDecisions } from './told-decisions.js';

const begin: DecisionLine = { kind: 'begin', epoch: 'e', generation: 7, isWhole: true };
const job: DecisionLine = { kind: 'job', job: '__proto__', collectors: new Map([['c', 3]]) };
function part(...low: readonly number[]): DecisionLine {
  const high = Int32Array.from(low, (n) => -n);
  return { kind: 'part', collector: 'c', high, low: Int32Array.from(low) };
}
const end = (jobs: number): DecisionLine => ({ kind: 'end', jobs });

function read(lines: readonly DecisionLine[]): ToldDecisions {
  const reader = new DecisionsReader();
  for (const line of lines) reader.push(readDecisionLine(writeDecisionLine(line)));
  return reader.end();
}

describe('an answer with decisions', () => {
  it('says what was written, in however many pieces', () => {
    const told = read([begin, job, part(1, 2 ** 31 - 1), part(-(2 ** 31)), end(1)]);
    expect([told.epoch, told.generation, told.isWhole]).toEqual(['e', 7, true]);
    const { low, high } = told.jobs.get('__proto__')?.parts.get('c') ?? {};
    expect([...(low ?? [])]).toEqual([1, 2 ** 31 - 1, -(2 ** 31)]);
    expect([...(high ?? [])]).toEqual([-1, 1 - 2 ** 31, -(2 ** 31)]);
  });

  it.each<readonly [string, readonly DecisionLine[]]>([
    ['nothing in it', []],
    ['no end', [begin, job, part(1, 2, 3)]],
    ['no beginning', [job, part(1, 2, 3), end(1)]],
    ['two beginnings', [begin, begin, end(0)]],
    ['more after its end', [begin, end(0), job]],
    ['too few jobs', [begin, end(1)]],
    ['too few targets', [begin, job, part(1, 2), end(1)]],
    ['targets before a job', [begin, part(1), end(0)]],
  ])('is refused whole with %s', (_, lines) => {
    expect(() => read(lines)).toThrow(DecisionsAnswerError);
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"job":"a"}',
    '{"job":"a","collectors":[["c"]]}',
    '{"job":"a","collectors":[["c",-1]]}',
    '{"collector":"c"}',
    '{"collector":"c","targets":"AAAA"}',
    `{"collector":"c","targets":"${'A'.repeat(mostTargetsPerLine * 12)}"}`,
    '{"format":"1.0","epoch":"e","generation":1,"whole":true}',
    '{"format":"9.9","epoch":"e","generation":1,"whole":true}',
    '{"end":1e300}',
  ])('is refused with the line %j', (line) => {
    expect(() => readDecisionLine(line)).toThrow(DecisionsAnswerError);
  });

  it('fails in no other way, whatever comes', () => {
    const value = fc.oneof(fc.jsonValue(), fc.string());
    const keys = ['format', 'epoch', 'generation', 'whole', 'job', 'collectors', 'collector'];
    const line = fc.dictionary(fc.constantFrom(...keys, 'targets', 'end'), value);
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const reader = new DecisionsReader();
        try {
          for (const one of lines) reader.push(readDecisionLine(JSON.stringify(one)));
          reader.end();
        } catch (error) {
          expect(error).toBeInstanceOf(DecisionsAnswerError);
        }
      }),
    );
  });
});
