const keywords = new Set(['and', 'or', 'unless', 'bool', 'offset']);

/** The metrics that a PromQL expression reads: the words in it that are no function, label, text or operator. */
export function metricNames(expression: string): ReadonlySet<string> {
  const bare = expression
    .replace(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, ' ')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  const words = bare.match(/(?<![\w.])[a-z_]\w*(?!\w|\s*\()/gi) ?? [];
  return new Set(words.filter((word) => !keywords.has(word)));
}

/** The names under which the families of an exposition can be read: a histogram by its parts. */
export function exportedNames(exposition: string): ReadonlySet<string> {
  const families = [...exposition.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Set(
    families.flatMap(([, name = '', type]) => {
      if (type === 'histogram') return [`${name}_bucket`, `${name}_sum`, `${name}_count`];
      if (type === 'summary') return [name, `${name}_sum`, `${name}_count`];
      return [name];
    }),
  );
}
