/**
 * What tells a client that an answer is out of date, and by how much: names and values in turn.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7234#section-5.5.1
 */
export function staleHeaders(asOfMs: number, nowMs: number): readonly string[] {
  const ageSeconds = Math.max(0, Math.round((nowMs - asOfMs) / 1_000));
  return ['age', String(ageSeconds), 'warning', '110 target-allocator "response is stale"'];
}
