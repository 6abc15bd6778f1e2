import type { IncomingMessage } from 'node:http';

/** As the Go allocator decides it: by the bare words, whatever their case, weight or place mean elsewhere. */
export function prefersHtml({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers.accept?.includes('text/html') === true;
}
