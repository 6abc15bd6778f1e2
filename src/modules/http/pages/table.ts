import { html, type Html, type HtmlValue } from './html.js';

export interface Column {
  readonly name: string;
  /** Numbers stand right. */
  readonly isNumber?: boolean;
}

/** A table with a heading for each column; says so when there is nothing to show. */
export function table(
  columns: readonly (string | Column)[],
  rows: readonly (readonly HtmlValue[])[],
): Html {
  if (rows.length === 0) return html`<p class="empty">Nothing to show.</p>`;
  const all = columns.map((column) => (typeof column === 'string' ? { name: column } : column));
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${all.map((column) => html`<th scope="col" class="${kindOf(column)}">${column.name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, i) => html`<td class="${kindOf(all[i])}">${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

function kindOf(column: Column | undefined): string {
  return column?.isNumber === true ? 'number' : 'text';
}

/** Names and values, one a line. */
export function properties(rows: readonly (readonly [HtmlValue, HtmlValue])[]): Html {
  return html`<div class="scroll">
    <table class="properties">
      <tbody>
        ${rows.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
