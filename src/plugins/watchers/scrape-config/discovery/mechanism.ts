import { type DocumentFields, present } from '../../generator/document-fields.js';
import type { References } from '../../generator/references.js';
import type { SpecValue } from '../../generator/spec-value.js';
import { type ClientPart, clientFields } from './client.js';
import type { SdField } from './fields.js';

/** One of the lists of service discoveries that a ScrapeConfig has. */
export interface SdMechanism {
  /** Its field in the resource: `consulSDConfigs`. */
  readonly list: string;
  /** Its field in the document: `consul_sd_configs`. */
  readonly block: string;
  /** What one element means in the document. */
  readonly convert: (entry: SpecValue, references: References) => DocumentFields;
}

/** A mechanism whose fields each have their own counterpart. */
export interface SdTable extends Pick<SdMechanism, 'list' | 'block'> {
  /** Which settings of an HTTP client it takes. @default none */
  readonly client?: readonly ClientPart[];
  /** By the name in the document. */
  readonly fields: Readonly<Record<string, SdField>>;
}

export function sdTable({ list, block, client = [], fields }: SdTable): SdMechanism {
  return {
    list,
    block,
    convert: (entry, references) => {
      const own = Object.entries(fields).map(
        ([name, field]) => [name, field(entry, references)] as const,
      );
      return {
        ...present(Object.fromEntries(own)),
        ...clientFields(client, entry, references),
      };
    },
  };
}
