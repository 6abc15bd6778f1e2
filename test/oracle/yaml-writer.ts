/** A value to be written as YAML: scalars as they shall stand in the text, so that every spelling can be tried. */
export type YamlValue = YamlScalar | YamlText | YamlList | YamlMap | YamlAlias;
export interface YamlScalar {
  readonly scalar: string;
}
/** Over several lines where there are lines, in quotes elsewhere. */
export interface YamlText {
  readonly lines: readonly string[];
  /** What announces them: `|`, `>-`. */
  readonly style: string;
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

/** How a document is laid out; whatever the layout, it says the same. */
export interface YamlLayout {
  /** All of it in brackets and on one line, as JSON is. */
  readonly isFlow: boolean;
  /** Keys in brackets are quoted, and nothing stands between a colon and its value. */
  readonly hasQuotedKeys: boolean;
  /** How much deeper each level begins. */
  readonly indent: number;
  /** Elements that are mappings or lists begin on the line of their dash. */
  readonly isCompact: boolean;
  /** Lists begin in the column of the key that they belong to. */
  readonly areListsAtKeys: boolean;
  /** What each line ends with. */
  readonly lineEnd: string;
  /** How the document begins and ends. */
  readonly head: string;
  readonly end: string;
}

/** Writes a value as a YAML document. */
export function writeYaml(value: YamlValue, layout: YamlLayout): string {
  const written =
    !layout.isFlow && isBlock(value) ? blockLines(value, layout) : [flow(value, layout)];
  // The empty lines of texts are not indented.
  const lines = written.map((line) => (line.trim() === '' ? '' : line));
  return layout.head + lines.join(`${layout.lineEnd}\n`) + layout.end;
}

function blockLines(value: YamlList | YamlMap, layout: YamlLayout): readonly string[] {
  if ('list' in value) {
    return value.list.flatMap((item) =>
      isBlock(item) && layout.isCompact && item.anchor === undefined
        ? compact(blockLines(item, layout))
        : withHead('-', item, layout),
    );
  }
  return value.map.flatMap(([key, item]) => withHead(`${key}:`, item, layout));
}

function withHead(head: string, item: YamlValue, layout: YamlLayout): readonly string[] {
  if ('lines' in item) {
    const inner = ' '.repeat(layout.indent);
    return [`${head} ${item.style}`, ...item.lines.map((line) => inner + line)];
  }
  if (!isBlock(item)) return [`${head} ${flow(item, layout)}`];
  const isAtKey = layout.areListsAtKeys && 'list' in item && head !== '-';
  const indent = ' '.repeat(isAtKey ? 0 : layout.indent);
  return [head + anchorOf(item), ...blockLines(item, layout).map((line) => indent + line)];
}

function compact(lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`));
}

function isBlock(value: YamlValue): value is YamlList | YamlMap {
  if ('map' in value) return value.flow !== true && value.map.length > 0;
  return 'list' in value && value.list.length > 0;
}

function flow(value: YamlValue, layout: YamlLayout): string {
  if ('scalar' in value) return value.scalar;
  if ('lines' in value) return JSON.stringify(`${value.lines.join('\n')}\n`);
  if ('alias' in value) return `*${value.alias} `;
  const anchor = anchorOf(value).trimStart();
  const prefix = anchor === '' ? '' : `${anchor} `;
  if ('list' in value) {
    return `${prefix}[${value.list.map((item) => flow(item, layout)).join(', ')}]`;
  }
  const entries = value.map.map(([key, item]) => flowKey(key, layout) + flow(item, layout));
  return `${prefix}{${entries.join(', ')}}`;
}

/** A merge is one only without quotes; some keys are quoted or numbers already. */
function flowKey(key: string, { hasQuotedKeys }: YamlLayout): string {
  return hasQuotedKeys && /^[A-Za-z_]+$/.test(key) ? `"${key}":` : `${key}: `;
}

function anchorOf(value: YamlList | YamlMap): string {
  return value.anchor === undefined ? '' : ` &${value.anchor}`;
}
