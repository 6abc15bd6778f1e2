const revision = /^[1-9]\d*$/;

/**
 * Whether one state of a kind is older than another one. Versions are revisions of the storage, whole numbers that only
 * grow; of those that are not, neither is older.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
export function isOlderVersion(version: string, than: string): boolean {
  if (!revision.test(version) || !revision.test(than)) return false;
  // They may have more digits than a number is exact to.
  return version.length === than.length ? version < than : version.length < than.length;
}
