import { isRecord } from '../../core/document/is-record.js';
import { ApiStatusError } from './api-status.js';
import type { ApiClient } from './api-connection.js';
import type { IdleTimer } from './idle-timer.js';
import { ApiProtocolError } from './kubernetes.errors.js';
import { textField, versionOf } from './kubernetes-object.js';
import { openAnswer, readJsonList } from './read-answer.js';
import { acceptOf, resourcePath, type ResourceQuery } from './resource-query.js';

/** Objects asked for at a time, client-go's figure. */
const pageSize = '500';

export interface Listing {
  readonly client: ApiClient;
  readonly query: ResourceQuery;
  readonly idle: IdleTimer;
  /** Not older than this version: `'0'` is anything that the server has at hand, `''` the newest. */
  readonly resourceVersion: string;
}

type OnItem = (object: unknown) => void;

interface Page {
  readonly resourceVersion: string;
  readonly next: string | undefined;
}

/**
 * Lists all objects, page by page, and gives the version of the list. An empty list is one that the server said is
 * empty: any doubt is an error.
 *
 * @param onItem Takes each object; called again from the first one when `restart` was called.
 * @param restart The pages so far are void.
 */
export async function listAll(
  listing: Listing,
  onItem: OnItem,
  restart: () => void,
): Promise<string> {
  try {
    return await listPages(listing, onItem);
  } catch (error) {
    // The snapshot that the pages came from has been compacted away meanwhile; all at once cannot be overtaken so.
    if (!(error instanceof ContinueExpired)) throw error;
    restart();
    return listWhole({ ...listing, resourceVersion: '' }, onItem);
  }
}

/**
 * The version of the newest state of a kind, whatever server answers and however far its caches are. Costs the server one
 * object, of which only the metadata is sent.
 */
export async function presentVersion(
  client: ApiClient,
  query: ResourceQuery,
  idle: IdleTimer,
): Promise<string> {
  const listing = { client, query: { ...query, metadataOnly: true }, idle, resourceVersion: '' };
  const page = await readPage(listing, { limit: '1' }, () => undefined);
  return page.resourceVersion;
}

class ContinueExpired extends ApiStatusError {}

async function listPages(listing: Listing, onItem: OnItem): Promise<string> {
  const { resourceVersion } = listing;
  let page = await readPage(
    listing,
    {
      limit: pageSize,
      resourceVersion,
      resourceVersionMatch: resourceVersion === '' ? '' : 'NotOlderThan',
    },
    onItem,
  );
  const version = page.resourceVersion;
  while (page.next !== undefined) page = await readNextPage(listing, page.next, onItem);
  return version;
}

async function readNextPage(listing: Listing, next: string, onItem: OnItem): Promise<Page> {
  try {
    return await readPage(listing, { limit: pageSize, continue: next }, onItem);
  } catch (error) {
    if (!(error instanceof ApiStatusError) || !error.isExpired) throw error;
    throw new ContinueExpired(error.status, error.reason, error.serverMessage);
  }
}

async function listWhole(listing: Listing, onItem: OnItem): Promise<string> {
  const page = await readPage(listing, {}, onItem);
  return page.resourceVersion;
}

async function readPage(
  { client, query, idle }: Listing,
  parameters: Readonly<Record<string, string>>,
  onItem: OnItem,
): Promise<Page> {
  const path = resourcePath(query, parameters);
  const response = await openAnswer(client, path, idle, acceptOf(query, 'list'));
  const answer = await readJsonList(response, path, idle, onItem);
  const resourceVersion = versionOf(answer);
  if (!isRecord(answer) || resourceVersion === undefined || !isListKind(answer['kind'])) {
    throw new ApiProtocolError(`the answer to a list of ${query.plural} is no list`);
  }
  // Go writes an empty list as null where it was never filled.
  const items = answer['items'] ?? [];
  if (!Array.isArray(items)) {
    throw new ApiProtocolError(`a list of ${query.plural} whose items are no list`);
  }
  const metadata = isRecord(answer['metadata']) ? answer['metadata'] : {};
  return { resourceVersion, next: textField(metadata, 'continue') };
}

function isListKind(kind: unknown): boolean {
  return typeof kind === 'string' && kind.endsWith('List');
}
