// Reads the Dockerfile into stages of instructions.

/**
 * Reads a Dockerfile. Variables are put in, except in RUN.
 *
 * @param {string} text
 * @param {Readonly<Record<string, string>>} given Build arguments.
 * @returns {{ name?: string, from: string, instructions: { name: string, value: string, line: number }[] }[]}
 */
export function parseDockerfile(text, given = {}) {
  const stages = [];
  const global = {};
  let scope = global;
  for (const { name, value: raw, line } of instructionsOf(text)) {
    const value = name === 'RUN' ? raw : raw.replace(/\$\{(\w+)\}/g, (_, key) => scope[key] ?? '');
    if (name === 'ARG') {
      const [key, preset] = value.split('=', 2);
      scope[key] = given[key] ?? preset ?? global[key] ?? '';
    }
    if (name === 'FROM') {
      const [from, , stage] = raw
        .replace(/\$\{(\w+)\}/g, (_, key) => global[key] ?? '')
        .split(/\s+/);
      stages.push({ name: stage, from, instructions: [] });
      scope = {};
    } else if (stages.length > 0) {
      stages.at(-1).instructions.push({ name, value, line });
    } else if (name !== 'ARG') {
      throw new Error(`line ${line}: ${name} before FROM`);
    }
  }
  return stages;
}

function* instructionsOf(text) {
  let open;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const goesOn = line.endsWith('\\');
    const part = (goesOn ? line.slice(0, -1) : line).trim();
    open =
      open === undefined
        ? { text: part, line: index + 1 }
        : { ...open, text: `${open.text} ${part}` };
    if (goesOn) continue;
    const [, name, value] = /^(\S+)\s+(.*)$/s.exec(open.text) ?? [];
    if (name === undefined) throw new Error(`line ${open.line}: not an instruction: ${open.text}`);
    yield { name: name.toUpperCase(), value, line: open.line };
    open = undefined;
  }
}

/** The words of an instruction in its JSON form, undefined when it has another one. */
export function wordsOf(value) {
  if (!value.startsWith('[')) return undefined;
  const words = JSON.parse(value);
  return words.every((word) => typeof word === 'string') ? words : undefined;
}

/** `KEY="value" …` of ENV and LABEL. */
export function pairsOf(value) {
  const pairs = {};
  for (const [, key, quoted, bare] of value.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S*))/g)) {
    pairs[key] = quoted ?? bare;
  }
  return pairs;
}

/** What COPY copies. */
export function copyOf(value) {
  const words = value.split(/\s+/);
  const flags = Object.fromEntries(
    words.filter((word) => word.startsWith('--')).map((word) => word.slice(2).split('=', 2)),
  );
  const paths = words.filter((word) => !word.startsWith('--'));
  return { from: flags.from, chown: flags.chown, sources: paths.slice(0, -1), to: paths.at(-1) };
}
