import { STATUS_CODES } from 'node:http';

export const TEXT_TYPE = 'text/plain; charset=utf-8';

/** The longest detail in an error's text, in UTF-16 units. */
const MAX_DETAIL = 1000;

/**
 * The body of an error: one line that is never empty and that YAML reads as a scalar. Collectors parse whatever
 * `/scrape_configs` answers as a YAML map of jobs, at any status: an empty body or `{}` would make them drop all jobs, and
 * `error: x` would be one. A scalar is a parse error to them, and they keep the jobs that they have.
 *
 * @param status The HTTP status; its number and phrase begin the line, so that it cannot be read as anything but text.
 * @param detail What is wrong, in any characters.
 */
export function errorText(status: number, detail?: string): string {
  const phrase = `${String(status)} ${(STATUS_CODES[status] ?? 'error').toLowerCase()}`;
  return detail === undefined || detail === '' ? phrase : `${phrase} (${withoutYaml(detail)})`;
}

function withoutYaml(detail: string): string {
  return (
    detail
      .slice(0, MAX_DETAIL)
      .replaceAll(/[\p{C}\p{Z}\s]+/gu, ' ')
      // `#` before a word begins a comment, and `:` after a word makes it a key.
      .replaceAll(/ [:#]+/g, ' ')
      .replaceAll(/:+(?= |$)/g, ',')
  );
}
