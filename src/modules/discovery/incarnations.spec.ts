import { describe, expect, it } from 'vitest';
import { Incarnations } from './incarnations.js';

describe('Incarnations', () => {
  it('tells a provider from the one that has just ended', () => {
    const incarnations = new Incarnations();
    expect(incarnations.next('a', 0)).toBe(0);
    incarnations.ended('a', 1_000);
    expect(incarnations.next('a', 2_000)).toBe(1);
    expect(incarnations.next('b', 2_000)).toBe(0);
  });

  it('remembers a configuration for as long as it has a provider', () => {
    const incarnations = new Incarnations();
    incarnations.next('a', 0);
    incarnations.ended('a', 0);
    incarnations.next('a', 0);
    incarnations.ended('other', 900_000);
    expect(incarnations.next('a', 900_000)).toBe(2);
  });

  it('forgets configurations that went long ago, however many there were', () => {
    const incarnations = new Incarnations();
    for (let minute = 0; minute < 1_000; minute++) {
      incarnations.next(`config ${String(minute)}`, minute * 60_000);
      incarnations.ended(`config ${String(minute)}`, minute * 60_000);
    }
    expect(incarnations.size).toBeLessThan(10);
    expect(incarnations.next('config 0', 60_000_000)).toBe(0);
  });
});
