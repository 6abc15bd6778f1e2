import { describe, expect, it } from 'vitest';
import { anything, anythingRevealed } from './anything.js';
import { Cursor } from './cursor.js';
import { Secret } from './secret.js';

describe('data of any shape', () => {
  const data = { token: new Secret('yes'), list: [new Secret('s3cret')], port: 80 };

  it('keeps secrets as secrets, so that nobody prints them', () => {
    const value = anything.decode(Cursor.ofValue(data, 'a resource'));
    expect(JSON.stringify(value)).toBe('{"token":"<secret>","list":["<secret>"],"port":80}');
  });

  it('gives their texts to who asks for them', () => {
    const value = anythingRevealed.decode(Cursor.ofValue(data, 'a resource'));
    expect(value).toEqual({ token: 'yes', list: ['s3cret'], port: 80 });
  });
});
