import type { Fields } from './fields.js';

/** The object behind an address. */
export interface TargetReference {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export function readTargetReference(endpoint: Fields): TargetReference | undefined {
  if (!endpoint.has('targetRef')) return undefined;
  const reference = endpoint.object('targetRef');
  return {
    kind: reference.text('kind'),
    namespace: reference.text('namespace'),
    name: reference.text('name'),
  };
}
