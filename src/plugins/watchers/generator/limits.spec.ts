import { describe, expect, it } from 'vitest';
import { optionsOf } from '../testing/conversions.js';
import { bodySizeLimit, limitFields } from './limits.js';
import { Rejections } from './rejections.js';
import { SpecValue } from './spec-value.js';

const at = (value: unknown) => SpecValue.root(value, 'spec', new Rejections());
const { spec } = optionsOf({ enforcedSampleLimit: 10, enforcedBodySizeLimit: '1MiB' });

describe('the limits of a resource', () => {
  it.each([
    [{ sampleLimit: 5 }, { sample_limit: 5 }],
    [{ sampleLimit: 11 }, { sample_limit: 10 }],
    [{ sampleLimit: 0 }, {}],
    [{}, {}],
    [
      { targetLimit: 11, labelLimit: 0 },
      { target_limit: 11, label_limit: 0 },
    ],
  ])('are never above the enforced ones: %j', (written, limits) => {
    expect(limitFields(at(written), spec)).toEqual(limits);
  });

  it.each([
    ['500KB', '500KB'],
    ['1MB', '1MB'],
    ['2MB', '1MiB'],
    ['', '1MiB'],
    ['1.5KiB', '1.5KiB'],
  ])('cut bodies of %j at %s', (written, limit) => {
    expect(bodySizeLimit(at(written), spec)).toEqual({ body_size_limit: limit });
  });

  it('are those of the resource where nothing is enforced', () => {
    const free = optionsOf().spec;
    expect(bodySizeLimit(at('2MB'), free)).toEqual({ body_size_limit: '2MB' });
    expect(bodySizeLimit(at(undefined), free)).toEqual({});
    expect(limitFields(at({ sampleLimit: 2n ** 60n }), free)).toEqual({ sample_limit: 2n ** 60n });
  });
});
