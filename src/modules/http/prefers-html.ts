import type { FastifyRequest } from './fastify-types.js';

/** As the Go allocator decides it: by the bare words, whatever their case, weight or place mean elsewhere. */
export function prefersHtml(request: FastifyRequest): boolean {
  return request.headers.accept?.includes('text/html') === true;
}
