import { type DocumentFields, present } from './document-fields.js';
import { isReference, type References, type Values } from './references.js';
import type { ScrapeClass } from './scrape-class.js';
import type { SpecValue } from './spec-value.js';

const files = [
  ['caFile', 'ca_file', 'ca'],
  ['certFile', 'cert_file', 'cert'],
  ['keyFile', 'key_file', 'keySecret'],
] as const;

/** How a `tlsConfig` is read. */
export interface TlsOptions {
  /** Only ServiceMonitors and scrape classes may name files. @default false */
  readonly allowsFiles?: boolean;
  /** Fills in the files that the resource leaves open; `undefined` where classes have no say. */
  readonly scrapeClass?: ScrapeClass;
}

/** `tlsConfig` as the document's `tls_config`, certificates and keys inline; `undefined` where there is none. */
export function tlsConfig(
  at: SpecValue,
  references: References,
  { allowsFiles = false, scrapeClass }: TlsOptions = {},
): DocumentFields | undefined {
  checkTls(at, allowsFiles);
  checkPem(at, references);
  if (scrapeClass === undefined) return at.isPresent ? inlineFields(at, references) : undefined;
  const ofClass = scrapeClass.tlsConfig;
  if (isUnsaid(at, allowsFiles)) {
    return ofClass === undefined ? undefined : classFields(ofClass, references);
  }
  const gaps = ofClass === undefined ? {} : gapsFilledBy(ofClass, at, allowsFiles);
  const own = inlineFields(at, references);
  return { ...own, ...gaps, ...(allowsFiles ? filesOf(files, at) : {}) };
}

function classFields(at: SpecValue, references: References): DocumentFields {
  return { ...inlineFields(at, references.lenient), ...filesOf(files, at) };
}

/** @see github.com/prometheus-operator/prometheus-operator v0.93.1, pkg/apis/monitoring/v1/tls_types.go */
export function checkTls(at: SpecValue, allowsFiles: boolean): void {
  checkSources(at.field('ca'));
  checkSources(at.field('cert'));
  checkVersions(at);
  const named = allowsFiles ? files.filter(([file]) => pathIn(at, file) !== '') : [];
  for (const [file, , inline] of named) {
    if (isGiven(at, inline)) at.field(file).reject(`excludes ${inline}; keep one of them`);
  }
  const has = (wanted: string): boolean =>
    files.some((entry) => entry[2] === wanted && (named.includes(entry) || isGiven(at, entry[2])));
  if (has('cert') && !has('keySecret')) at.reject('has a client certificate without its key');
  if (has('keySecret') && !has('cert')) at.reject('has a client key without its certificate');
}

function checkSources(at: SpecValue): void {
  if (at.field('secret').isPresent && at.field('configMap').isPresent) {
    at.reject('names both a Secret and a ConfigMap; keep one of them');
  }
}

function checkVersions(at: SpecValue): void {
  const min = at.field('minVersion').text();
  const max = at.field('maxVersion').text();
  if (min !== undefined && max !== undefined && max < min) {
    at.field('maxVersion').reject(`must not be below minVersion ${min}`);
  }
}

function checkPem(at: SpecValue, references: References): void {
  const ca = references.secretOrConfigMap(at.field('ca')) ?? '';
  const wrongCa = references.pem.ofAuthority(ca);
  if (wrongCa !== undefined) at.field('ca').reject(wrongCa);
  const cert = references.secretOrConfigMap(at.field('cert')) ?? '';
  const keyAt = at.field('keySecret');
  const key = keyAt.isPresent ? (references.secret(keyAt)?.reveal() ?? '') : '';
  const wrongPair = references.pem.ofPair(cert, key);
  if (wrongPair !== undefined) at.field('cert').reject(wrongPair);
}

function inlineFields(at: SpecValue, references: Values): DocumentFields {
  const key = at.field('keySecret');
  const serverName = at.field('serverName').text() ?? '';
  return present({
    insecure_skip_verify: at.field('insecureSkipVerify').bool(),
    ca: references.secretOrConfigMap(at.field('ca')),
    cert: references.secretOrConfigMap(at.field('cert')),
    key: key.isPresent ? references.secret(key) : undefined,
    server_name: serverName === '' ? undefined : serverName,
    min_version: at.field('minVersion').text(),
    max_version: at.field('maxVersion').text(),
  });
}

/** Of a class only its files fill gaps. */
function gapsFilledBy(ofClass: SpecValue, at: SpecValue, allowsFiles: boolean): DocumentFields {
  const hasFile = (file: string): boolean => allowsFiles && pathIn(at, file) !== '';
  return filesOf(
    files.filter(([file, , inline]) => !hasFile(file) && !isGiven(at, inline)),
    ofClass,
  );
}

function filesOf(wanted: readonly (typeof files)[number][], at: SpecValue): DocumentFields {
  const named = wanted.map(([file, field]) => [field, pathIn(at, file)] as const);
  return Object.fromEntries(named.filter(([, path]) => path !== ''));
}

function pathIn(at: SpecValue, file: string): string {
  return at.field(file).text() ?? '';
}

/** `ca` and `cert` count when they name something, `keySecret` when it is there at all. */
function isGiven(at: SpecValue, inline: (typeof files)[number][2]): boolean {
  return inline === 'keySecret' ? at.field(inline).isPresent : isReference(at.field(inline));
}

/** An object that says nothing counts as none, except where it could have named files. */
function isUnsaid(at: SpecValue, allowsFiles: boolean): boolean {
  if (!at.isPresent || allowsFiles) return !at.isPresent;
  const said = ['keySecret', 'serverName', 'insecureSkipVerify', 'minVersion', 'maxVersion'];
  return !at.hasAny(said) && !isReference(at.field('ca')) && !isReference(at.field('cert'));
}
