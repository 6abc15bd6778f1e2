/**
 * Go's `url.QueryEscape`, which links (and the collectors themselves) use for job names: everything but letters, digits
 * and `-_.~` is percent-encoded, a space is `+`.
 */
export function queryEscape(text: string): string {
  // Through UTF-8 and back, so that a lone surrogate cannot make encodeURIComponent throw.
  return encodeURIComponent(Buffer.from(text).toString())
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Where the targets of a job are. */
export function jobLink(job: string): string {
  return `/jobs/${queryEscape(job)}/targets`;
}

/** Where the targets that a collector has of a job are. */
export function collectorLink(job: string, collector: string): string {
  return `${jobLink(job)}?collector_id=${queryEscape(collector)}`;
}

/**
 * The job that the URL of `/jobs/:job_id/targets` names: its segment decoded once, `+` for a space. The router's own
 * parameter is not used, because it cannot tell `%2B` from `+`.
 *
 * @returns `undefined` when the segment is not the encoding of any UTF-8 text.
 */
export function jobInUrl(url: string): string | undefined {
  const segment = /^\/jobs\/([^/?#]*)/.exec(url)?.[1];
  if (segment === undefined) return undefined;
  try {
    return decodeURIComponent(segment.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
