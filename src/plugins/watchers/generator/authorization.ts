import { type DocumentFields, present } from './document-fields.js';
import type { References, Values } from './references.js';
import type { ScrapeClass } from './scrape-class.js';
import type { SpecValue } from './spec-value.js';

/**
 * `authorization` as the document's field of that name; `undefined` where there is none. What a resource leaves open
 * comes from its scrape class.
 *
 * @param scrapeClass `undefined` where classes have no say, as in service discovery.
 */
export function authorization(
  at: SpecValue,
  references: References,
  scrapeClass?: ScrapeClass,
): DocumentFields | undefined {
  checkCredentials(at);
  if (scrapeClass === undefined) return at.isPresent ? ownFields(at, references) : undefined;
  const ofClass = scrapeClass.authorization;
  const saysNothing = textOf(at, 'type') === '' && !at.field('credentials').isPresent;
  if (saysNothing) return ofClass === undefined ? undefined : classFields(ofClass, references);
  const own = ownFields(at, references);
  if (ofClass === undefined || at.field('credentials').isPresent) return own;
  return { ...classFields(ofClass, references), ...own };
}

/** Rejects what the operator refuses about the authorization of a ServiceMonitor or PodMonitor. */
export function checkAuthorization(at: SpecValue): void {
  if (!at.isPresent) return;
  checkAuthorizationType(at);
  if (!at.field('credentials').isPresent) at.reject('credentials are required');
}

/** Rejects the type that has a field of its own. */
export function checkAuthorizationType(at: SpecValue): void {
  if (textOf(at, 'type').trim().toLowerCase() === 'basic') {
    at.field('type').reject('must not be "basic"; use basicAuth instead');
  }
}

/** The operator looks at the type only when there are credentials. */
function checkCredentials(at: SpecValue): void {
  if (at.field('credentials').isPresent) checkAuthorizationType(at);
}

function ownFields(at: SpecValue, references: Values): DocumentFields {
  const type = textOf(at, 'type');
  const credentials = at.field('credentials');
  const isNamed = textOf(credentials, 'name') !== '';
  return present({
    type: type === '' ? 'Bearer' : type.trim(),
    credentials: isNamed ? references.secret(credentials) : undefined,
  });
}

/** A scrape class may name a file as well. */
function classFields(at: SpecValue, references: References): DocumentFields {
  const file = textOf(at, 'credentialsFile');
  return {
    ...ownFields(at, references.lenient),
    ...(file === '' ? {} : { credentials_file: file }),
  };
}

function textOf(at: SpecValue, field: string): string {
  return at.field(field).text() ?? '';
}
