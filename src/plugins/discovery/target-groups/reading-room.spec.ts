import { getHeapStatistics } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { ReadingRoom } from './reading-room.js';

const { heap_size_limit: limit } = getHeapStatistics();
const text = 1024 * 1024;
const noNames: readonly string[] = [];

describe('room for what is read', () => {
  it('is there for a text with little in it', () => {
    const room = new ReadingRoom(text);
    room.addGroup(['a', 'b'], 1_000);
    expect(() => {
      room.check(8_192);
      room.end();
    }).not.toThrow();
  });

  it.each([
    [
      'targets',
      (room: ReadingRoom) => {
        room.addGroup(noNames, Math.ceil(limit / 100));
      },
    ],
    [
      'lists of names',
      (room: ReadingRoom) => {
        room.addGroup(new Array<string>(Math.ceil(limit / 400)), 1);
      },
    ],
  ])('is not there for a short text of too many %s', (_, fill) => {
    const room = new ReadingRoom(text);
    room.check(8_192);
    fill(room);
    expect(() => {
      room.check(text);
    }).toThrow('TA_MEMORY_SHORT');
    expect(() => {
      room.end();
    }).toThrow('TA_MEMORY_SHORT');
  });

  it('is needed once for names that many groups have', () => {
    const room = new ReadingRoom(text);
    const lists = [new Array<string>(1_000).fill('a'), new Array<string>(1_000).fill('b')];
    for (let i = 0; i < 10_000; i++) for (const names of lists) room.addGroup(names, 1);
    expect(() => {
      room.check(0);
      room.end();
    }).not.toThrow();
  });
});
