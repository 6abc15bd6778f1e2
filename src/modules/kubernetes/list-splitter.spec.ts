import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListSplitter } from './list-splitter.js';

/** The list as its parts say it. */
function split(bytes: Buffer, pieceLength: number) {
  const splitter = new ListSplitter();
  const items: unknown[] = [];
  for (let at = 0; at < bytes.length; at += pieceLength) {
    for (const item of splitter.push(bytes.subarray(at, at + pieceLength))) {
      items.push(JSON.parse(item.toString('utf8')));
    }
  }
  return { items, envelope: splitter.envelope().toString('utf8') };
}

const object = fc.dictionary(
  fc.oneof(fc.constant('items'), fc.string({ unit: 'binary' })),
  fc.jsonValue(),
);

describe('ListSplitter', () => {
  it('has the same as the whole, wherever the bytes are cut', () => {
    const lists = fc.record({
      kind: fc.string({ unit: 'binary' }),
      metadata: object,
      items: fc.array(object),
      after: fc.jsonValue(),
    });
    const forms = fc.record({
      indent: fc.constantFrom(0, 1, '\t'),
      pieceLength: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(lists, forms, ({ items, ...rest }, { indent, pieceLength }) => {
        const { kind, metadata, after } = rest;
        const text = JSON.stringify({ kind, metadata, items, after }, undefined, indent);
        const parts = split(Buffer.from(text), pieceLength);
        expect(parts.items).toEqual(JSON.parse(JSON.stringify(items)));
        expect(JSON.parse(parts.envelope)).toEqual(
          JSON.parse(JSON.stringify({ kind, metadata, items: [], after })),
        );
      }),
    );
  });

  it('leaves alone what is no array of items', () => {
    for (const text of ['{"items":null}', '{"items":{"items":[{}]}}', '[{"a":1}]', '"items"']) {
      expect(split(Buffer.from(text), 3)).toEqual({ items: [], envelope: text });
    }
  });

  it('leaves no JSON of a list that has not come whole', () => {
    const text = Buffer.from('{"kind":"PodList","items":[{"a":"]}"},{"b":1}],"metadata":{}}');
    for (let length = 0; length < text.length; length += 1) {
      const { envelope } = split(text.subarray(0, length), 7);
      expect(() => JSON.parse(envelope) as unknown).toThrow();
    }
  });

  it.each(['[1]', '["a"]', '[[{}]]', '[null]', '[{},x{}]'])('refuses items like %s', (items) => {
    expect(() => split(Buffer.from(`{"items":${items}}`), 4)).toThrow('TA_KUBE_PROTOCOL');
  });
});
