import type { Collector } from '../../plugin-api/index.js';
import type { OptionsReader } from './options-reader.js';

/** Reads `[{name, node?, labels?}]`; a name must not be there twice. */
export function readCollectorList(list: OptionsReader): readonly Collector[] {
  const names = new Set<string>();
  return list.items().map((item) => {
    item.keys(['name', 'node', 'labels']);
    const name = item.field('name').requiredText();
    if (name !== '' && names.has(name)) item.field('name').issue(`there is another ${name}`);
    names.add(name);
    const node = item.field('node').text();
    const labels = item.field('labels').labels();
    return {
      name,
      ...(node === undefined || node === '' ? {} : { node }),
      ...(labels === undefined ? {} : { labels }),
    };
  });
}
