import { html, type Html } from './html.js';
import { queryEscape } from '../data/job-link.js';

export function jobAnchor(job: string): Html {
  return html`<a href="/debug/job?job_id=${queryEscape(job)}">${job}</a>`;
}

export function collectorAnchor(collector: string): Html {
  return html`<a href="/debug/collector?collector_id=${queryEscape(collector)}">${collector}</a>`;
}

export function targetAnchor(target: { readonly hash: string; readonly address: string }): Html {
  const text = target.address === '' ? '(no address)' : target.address;
  return html`<a href="/debug/target?target_hash=${target.hash}">${text}</a>`;
}

/** A path with those of the parameters that are set. */
export function withQuery(
  path: string,
  parameters: Readonly<Record<string, string | number | undefined>>,
): string {
  const set = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}=${queryEscape(String(value))}`],
  );
  return set.length === 0 ? path : `${path}?${set.join('&')}`;
}
