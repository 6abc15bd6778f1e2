/** A value to be written as YAML: scalars as they shall stand in the text, so that every spelling can be tried. */
export type YamlValue = YamlScalar | YamlList | YamlMap | YamlAlias;
export interface YamlScalar {
  readonly scalar: string;
}
export interface YamlList {
  readonly list: readonly YamlValue[];
  readonly anchor?: string;
}
export interface YamlMap {
  readonly map: readonly (readonly [key: string, value: YamlValue])[];
  readonly anchor?: string;
  /** On one line, in braces. */
  readonly flow?: boolean;
}
export interface YamlAlias {
  readonly alias: string;
}

/** Writes a value as a YAML document. */
export function writeYaml(value: YamlValue): string {
  return `${block(value, '').replace(/^\n/, '')}\n`;
}

/** Begins with a space or a line break, to stand behind a colon or a dash. */
function block(value: YamlValue, indent: string): string {
  if ('map' in value && value.flow !== true && value.map.length > 0) {
    const inner = `${indent}  `;
    const lines = value.map.map(([key, item]) => `\n${inner}${key}:${block(item, inner)}`);
    return anchorOf(value) + lines.join('');
  }
  if ('list' in value && value.list.length > 0) {
    const inner = `${indent}  `;
    const lines = value.list.map((item) => `\n${inner}-${block(item, inner)}`);
    return anchorOf(value) + lines.join('');
  }
  return ` ${flow(value)}`;
}

function flow(value: YamlValue): string {
  if ('scalar' in value) return value.scalar;
  if ('alias' in value) return `*${value.alias} `;
  const anchor = anchorOf(value).trimStart();
  const prefix = anchor === '' ? '' : `${anchor} `;
  if ('list' in value) return `${prefix}[${value.list.map(flow).join(', ')}]`;
  return `${prefix}{${value.map.map(([key, item]) => `${key}: ${flow(item)}`).join(', ')}}`;
}

function anchorOf(value: YamlList | YamlMap): string {
  return value.anchor === undefined ? '' : ` &${value.anchor}`;
}
