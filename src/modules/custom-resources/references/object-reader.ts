import { ApiStatusError, type KubernetesService } from '../../kubernetes/index.js';
import type { ReferencedKind, ReferencedObject } from '../referenced-values.js';
import { readValues, type ObjectValues } from './object-values.js';
import { Slots } from './slots.js';

/** What the API server says of one object. */
export type Reading =
  | ({ readonly state: 'values' } & ObjectValues)
  | { readonly state: 'absent' }
  | { readonly state: 'forbidden' };

/** Requests under way at a time: a start with thousands of references must not crowd out other users of the server. */
const mostRequests = 8;

const plurals = { Secret: 'secrets', ConfigMap: 'configmaps' } as const satisfies Record<
  ReferencedKind,
  string
>;

/** Reads objects, a few at a time. */
export class ObjectReader {
  readonly #slots = new Slots(mostRequests);

  constructor(private readonly kubernetes: Pick<KubernetesService, 'readObject'>) {}

  /** @throws Error when the server did not say how it is: then nothing is known of the object. */
  async read({ kind, namespace, name }: ReferencedObject, signal: AbortSignal): Promise<Reading> {
    const wanted = { group: '', version: 'v1', plural: plurals[kind], namespace, name };
    try {
      const object = await this.#slots.use(signal, () =>
        this.kubernetes.readObject(wanted, signal),
      );
      return { state: 'values', ...readValues(kind, object) };
    } catch (error) {
      const verdict = verdictOf(error);
      if (verdict === undefined) throw error;
      return verdict;
    }
  }
}

/** An object whose values are known must not be read any more. */
export class ReadForbiddenError extends Error {
  readonly code = 'TA_REFERENCE_FORBIDDEN';

  constructor(reason: string) {
    super(`TA_REFERENCE_FORBIDDEN: ${reason}`);
    this.name = 'ReadForbiddenError';
  }
}

/** The right that is lacking when an object must not be read. */
export function neededRight({ kind, namespace }: ReferencedObject): string {
  return `verb get on ${plurals[kind]} in namespace ${namespace}`;
}

/** Only what the API server itself says counts: a proxy's 404 is no news of the object. */
function verdictOf(error: unknown): Reading | undefined {
  if (!(error instanceof ApiStatusError)) return undefined;
  if (error.status === 404 && error.reason === 'NotFound') return { state: 'absent' };
  if (error.status === 403 && error.reason === 'Forbidden') return { state: 'forbidden' };
  return undefined;
}
