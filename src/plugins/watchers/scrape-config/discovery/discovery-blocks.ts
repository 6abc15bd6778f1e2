import type { DocumentFields } from '../../generator/document-fields.js';
import type { References } from '../../generator/references.js';
import type { SpecValue } from '../../generator/spec-value.js';
import { checkAuthentication } from './client.js';
import type { SdMechanism } from './mechanism.js';

/** The `static_configs` and `<mechanism>_sd_configs` of a ScrapeConfig; those without an element are left out. */
export function discoveryBlocks(
  mechanisms: readonly SdMechanism[],
  spec: SpecValue,
  references: References,
): DocumentFields {
  const blocks: Record<string, readonly DocumentFields[]> = {};
  for (const { list, block, convert } of mechanisms) {
    const entries = spec.field(list).items();
    if (entries.length === 0) continue;
    blocks[block] = entries.map((entry) => {
      const fields = convert(entry, references);
      checkAuthentication(fields, entry);
      return fields;
    });
  }
  return blocks;
}
