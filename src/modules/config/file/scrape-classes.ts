import { anything } from '../../../core/document/anything.js';
import { list } from '../../../core/document/collections.js';
import type { Cursor } from '../../../core/document/cursor.js';
import { bool, decoder, mismatch, refined, text } from '../../../core/document/decoder.js';

const scrapeClass = decoder((at) => {
  if (at.node.kind === 'mapping') return anything.decode(at);
  mismatch(at, 'a mapping with a name');
  return undefined;
});

/**
 * Scrape classes as written. Only what concerns them together is checked here: each has a name of its own, and at most
 * one is the default.
 */
export const scrapeClasses = refined(list(scrapeClass), (classes, at) => {
  const names = new Set<string>();
  let defaultName: string | undefined;
  for (const place of elementsOf(at)) {
    const name = nameOf(place, names);
    if (place.lacks('default') || bool.decode(place.field('default')) !== true) continue;
    if (defaultName !== undefined) {
      place.field('default').error(`the scrape class "${defaultName}" is the default already`, {
        hint: 'keep one default',
      });
    }
    defaultName ??= name;
  }
  return classes;
});

function nameOf(place: Cursor, taken: Set<string>): string {
  const at = place.field('name');
  const name = text.decode(at) ?? '';
  if (name === '') at.error('a scrape class needs a name');
  else if (taken.has(name)) {
    at.error('another scrape class has this name', { hint: 'rename or remove one of them' });
  }
  taken.add(name);
  return name;
}

function elementsOf(at: Cursor): readonly Cursor[] {
  if (at.node.kind !== 'sequence') return [];
  return at.node.items
    .map((_, index) => at.item(index))
    .filter((item) => item.node.kind === 'mapping');
}
