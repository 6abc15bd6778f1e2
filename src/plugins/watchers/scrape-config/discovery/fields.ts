import { compareUtf8, parsePrometheusDuration, type Secret } from '../../../../plugin-api/index.js';
import { userMap } from '../../generator/document-fields.js';
import type { References } from '../../generator/references.js';
import type { SpecValue } from '../../generator/spec-value.js';

/** How one field of a service discovery is made; `undefined` leaves it out. */
export type SdField = (entry: SpecValue, references: References) => unknown;

/** A text as it is written. */
export function text(name: string): SdField {
  return (entry) => entry.field(name).text();
}

/** A text that the definition of the resource asks for. */
export function requiredText(name: string): SdField {
  return (entry) => requiredAt(entry.field(name)).text();
}

/** A text that is left out when it is empty. */
export function textUnlessEmpty(name: string): SdField {
  return (entry) => {
    const written = entry.field(name).text();
    return written === '' ? undefined : written;
  };
}

/** A name that Prometheus spells in lower case: `LoadBalancer`. */
export function lowerCase(name: string): SdField {
  return (entry) => entry.field(name).text()?.toLowerCase();
}

export function requiredLowerCase(name: string): SdField {
  return (entry) => requiredAt(entry.field(name)).text()?.toLowerCase();
}

/** A name that must be one of the words, with what Prometheus calls it. */
export function translated(name: string, words: ReadonlyMap<string, string>): SdField {
  return (entry) => {
    const at = requiredAt(entry.field(name));
    const written = at.text();
    if (written === undefined) return undefined;
    const word = words.get(written);
    if (word === undefined)
      at.reject(`must be one of ${[...words.keys()].join(', ')}, got ${shown(written)}`);
    return word;
  };
}

export function flag(name: string): SdField {
  return (entry) => entry.field(name).bool();
}

/** Texts as they are written, none at all included. */
export function anyTexts(name: string): SdField {
  return (entry) => entry.field(name).texts();
}

/** Texts; no field without any. */
export function texts(name: string): SdField {
  return (entry) => {
    const written = entry.field(name).texts();
    return written.length === 0 ? undefined : written;
  };
}

/** Texts that the definition of the resource asks for. */
export function requiredTexts(name: string): SdField {
  return (entry) => requiredAt(entry.field(name)).texts();
}

/** Texts under keys of the author's; no field without any. */
export function textMap(name: string): SdField {
  return (entry) => {
    const written = entry.field(name).textMap();
    return written.length === 0 ? undefined : userMap(written);
  };
}

/** The value of a `SecretKeySelector`. */
export function secret(
  name: string,
): (entry: SpecValue, references: References) => Secret | undefined {
  return (entry, references) => {
    const selector = entry.field(name);
    return selector.isPresent ? references.secret(selector) : undefined;
  };
}

export function requiredSecret(name: string): SdField {
  return (entry, references) => references.secret(requiredAt(entry.field(name)));
}

/** Pairs of a name and its values, sorted by name as the operator sorts them. */
export function filters(name: string): SdField {
  return (entry) => {
    const written = entry
      .field(name)
      .items()
      .map((filter) => ({
        name: filter.field('name').text() ?? '',
        values: filter.field('values').texts(),
      }));
    if (written.length === 0) return undefined;
    return written.toSorted((a, b) => compareUtf8(a.name, b.name));
  };
}

/** A duration, as it is written. The empty text is none. */
export function duration(name: string): SdField {
  return (entry) => {
    const at = entry.field(name);
    const written = at.text();
    if (written === undefined) return undefined;
    const parsed = parsePrometheusDuration(written);
    if (!parsed.ok) at.reject(`${shown(written)}: ${parsed.message}`);
    return written;
  };
}

const whole32Bits = 2 ** 31;
const longestShown = 120;

/** What most mechanisms that are asked again and again have in common. */
export const refresh = { refresh_interval: duration('refreshInterval') };

/** The port of targets that come without one. */
export const port = {
  port: (entry: SpecValue): number | bigint | undefined => {
    const at = entry.field('port');
    const written = at.whole();
    if (written === undefined) return undefined;
    if (written >= -whole32Bits && written < whole32Bits) return written;
    at.reject(`must be a whole number of 32 bits, got ${String(written)}`);
    return undefined;
  },
};

/** The place itself, after a rejection when nothing stands there. */
export function requiredAt(at: SpecValue): SpecValue {
  if (!at.isPresent) at.reject('is required');
  return at;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, longestShown));
}
