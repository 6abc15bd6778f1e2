/** The values of a parameter in a URL's query, in order; `+` is a space, and what is not well encoded stays as it is. */
export function queryValues(url: string, name: string): readonly string[] {
  const start = url.indexOf('?');
  return start === -1 ? [] : new URLSearchParams(url.slice(start)).getAll(name);
}
