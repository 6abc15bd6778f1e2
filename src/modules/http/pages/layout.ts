import { html, type Html, type HtmlValue } from './html.js';

export interface Page {
  readonly title: string;
  readonly content: HtmlValue;
  /** Why what is shown is not all there is; shown above the content. */
  readonly notice?: string | undefined;
}

const sections = [
  ['/', 'Overview'],
  ['/debug/jobs', 'Jobs'],
  ['/debug/targets', 'Targets'],
  ['/debug/resources', 'Custom resources'],
  ['/debug/scrape_configs', 'Scrape configs'],
] as const;

/** The frame of every page. No script and no inline style: the content security policy forbids both. */
export function layout({ title, content, notice }: Page): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} – Target Allocator</title>
        <link rel="stylesheet" href="/ui/app.css" />
        <link rel="icon" href="/ui/icon.svg" type="image/svg+xml" />
      </head>
      <body>
        <header>
          <a class="brand" href="/">Target Allocator</a>
          <nav aria-label="Main">${sections.map(sectionLink)}</nav>
        </header>
        <main>
          <h1>${title}</h1>
          ${notice === undefined ? undefined : html`<p class="notice" role="status">${notice}</p>`}
          ${content}
        </main>
      </body>
    </html> `;
}

function sectionLink([path, name]: (typeof sections)[number]): Html {
  return html`<a href="${path}">${name}</a>`;
}

/** A page that says what is wrong with the request. */
export function problemPage(title: string, text: string, example?: string): Html {
  const hint = example === undefined ? undefined : html`<p>Example: <code>${example}</code></p>`;
  return layout({
    title,
    content: html`<p>${text}</p>
      ${hint}`,
  });
}
