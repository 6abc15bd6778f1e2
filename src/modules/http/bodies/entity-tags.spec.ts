import { describe, expect, it } from 'vitest';
import { EntityTags } from './entity-tags.js';

const small = (text: string) => Buffer.from(text);
const large = () => Buffer.alloc(100_000, 'a');

describe('the tag of a body', () => {
  it('is the same in every process for a small body, whatever its version', () => {
    expect(new EntityTags().of(small('[]'), 't1')).toBe(new EntityTags().of(small('[]'), 't7'));
    expect(new EntityTags().of(small('[]'), 't1')).not.toBe(
      new EntityTags().of(small('[1]'), 't1'),
    );
  });

  it('is that of the version for a large body, and never that of another process', () => {
    const tags = new EntityTags();
    expect(tags.of(large(), 't1')).toBe(tags.of(large(), 't1'));
    expect(tags.of(large(), 't1')).not.toBe(tags.of(large(), 't2'));
    expect(tags.of(large(), 't1')).not.toBe(new EntityTags().of(large(), 't1'));
  });
});
