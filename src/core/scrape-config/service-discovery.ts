import { anything, anythingRevealed } from '../document/anything.js';
import { list, listOfPresent } from '../document/collections.js';
import type { Cursor } from '../document/cursor.js';
import { type Decoder, decoder } from '../document/decoder.js';
import { fileSdConfig } from './file-sd-config.js';
import { httpSdConfig } from './http-sd-config.js';
import { kubernetesSdConfig } from './kubernetes-sd-config.js';

/** What a mechanism says of one element of its block: the completed value, or what is wrong with it. */
export type MechanismResult =
  | { readonly value: unknown }
  | {
      readonly issues: readonly {
        readonly path: readonly (string | number)[];
        readonly message: string;
      }[];
    };

/**
 * Checks one element of `<name>_sd_configs` of a mechanism that a plugin provides. It gets plain data and gives plain
 * data (or `Secret`s), which is then part of the job. A Standard Schema's answer has this shape.
 */
export type MechanismDecoder = (value: unknown) => MechanismResult;

/**
 * The mechanisms that something can run, by name (`file`, `consul`). Those that Prometheus' own decoders in here cover
 * (`file`, `http`, `kubernetes`) need no decoder; others without one take any data.
 */
export type Mechanisms = ReadonlyMap<string, MechanismDecoder | undefined>;

const ownDecoders: ReadonlyMap<string, Decoder<unknown>> = new Map<string, Decoder<unknown>>([
  ['file', fileSdConfig],
  ['http', httpSdConfig],
  ['kubernetes', kubernetesSdConfig],
]);
const blockSuffix = '_sd_configs';

/** The mechanism of a key of a job: `consul` of `consul_sd_configs`; `undefined` for other keys. */
export function mechanismOf(key: string): string | undefined {
  return key.endsWith(blockSuffix) ? key.slice(0, -blockSuffix.length) : undefined;
}

/** The mechanisms, and those that the keys of a job name besides: they take any data. */
export function withUnknownMechanisms(mechanisms: Mechanisms, keys: readonly string[]): Mechanisms {
  const unknown = keys
    .flatMap((key) => mechanismOf(key) ?? [])
    .filter((name) => name !== '' && !mechanisms.has(name));
  if (unknown.length === 0) return mechanisms;
  return new Map([...mechanisms, ...unknown.map((name) => [name, undefined] as const)]);
}

/** Reads the `<mechanism>_sd_configs` of a job, `static_configs` apart; empty ones are left out. */
export function decodeDiscoveryBlocks(
  at: Cursor,
  mechanisms: Mechanisms,
): Readonly<Record<string, readonly unknown[]>> {
  const blocks: Record<string, readonly unknown[]> = {};
  if (at.node.kind !== 'mapping') return blocks;
  for (const key of at.node.entries.keys()) {
    const name = mechanismOf(key);
    if (name === undefined) continue;
    const block = decodeBlock(name, at.field(key), mechanisms);
    if (block.length > 0) blocks[key] = block;
  }
  return blocks;
}

function decodeBlock(name: string, at: Cursor, mechanisms: Mechanisms): readonly unknown[] {
  if (mechanisms.has(name)) {
    const element = ownDecoders.get(name) ?? providedDecoder(mechanisms.get(name));
    return listOfPresent(element, `section in ${name}${blockSuffix}`).decode(at) ?? [];
  }
  if ((list(anything).decode(at) ?? []).length > 0) {
    const known = ['static', ...mechanisms.keys()].sort();
    at.error(`no plugin provides the service discovery "${name}"`, {
      hint: `there are ${known.join(', ')}; name a plugin package that has it under plugins`,
      hideValue: true,
    });
  }
  return [];
}

function providedDecoder(provided: MechanismDecoder | undefined): Decoder<unknown> {
  if (provided === undefined) return anything;
  return decoder((at) => {
    const result = provided(anythingRevealed.decode(at));
    if ('value' in result) return result.value;
    for (const { path, message } of result.issues)
      placeOf(at, path).error(message, { hideValue: true });
    return undefined;
  });
}

function placeOf(at: Cursor, path: readonly (string | number)[]): Cursor {
  return path.reduce<Cursor>(
    (place, step) => (typeof step === 'number' ? place.item(step) : place.field(step)),
    at,
  );
}
