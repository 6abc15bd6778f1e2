import fc from 'fast-check';
import type { Pool } from './custom-resource-values.js';

/** Plain data of a custom resource. */
export type Data = Readonly<Record<string, unknown>>;

/** How carefully resources are written: of a hundred values, how many are wrong. */
export interface Care {
  readonly mistakes: number;
}

/** Something that fits, or by mistake something that does not. */
export function draw<T>(
  care: Care,
  fitting: fc.Arbitrary<T>,
  wrong: fc.Arbitrary<T>,
): fc.Arbitrary<T> {
  if (care.mistakes === 0) return fitting;
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 100 - care.mistakes, arbitrary: fitting },
    { weight: care.mistakes, arbitrary: wrong },
  );
}

export function drawText(care: Care, { fitting, wrong }: Pool): fc.Arbitrary<string> {
  const right = fc.constantFrom(...fitting);
  return wrong.length === 0 ? right : draw(care, right, fc.constantFrom(...wrong));
}

/** A value that is there so many times of a hundred. */
export function some<T>(arbitrary: fc.Arbitrary<T>, presence: number): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 100 - presence, arbitrary: fc.constant(undefined) },
    { weight: presence, arbitrary },
  );
}

/** An object of those fields that are there. A field may be named `__proto__`. */
export function struct(
  fields: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<Data> {
  const names = Object.keys(fields);
  return fc
    .tuple(...Object.values(fields))
    .map((values) =>
      Object.fromEntries(
        names.flatMap((name, at) => (values[at] === undefined ? [] : [[name, values[at]]])),
      ),
    );
}

/** The object without some of its fields. */
export function without(data: Data, ...names: readonly string[]): Data {
  return Object.fromEntries(Object.entries(data).filter(([name]) => !names.includes(name)));
}
