import { Fields } from './fields.js';
import { readController, readNamed, type Controller, type NamedObject } from './metadata.js';

/** A ReplicaSet or Job, of which only its own controller matters. */
export interface Owner extends NamedObject {
  readonly controller: Controller | undefined;
}

export function slimOwner(object: unknown): Owner {
  const fields = new Fields(object);
  return {
    ...readNamed(fields, 'owner'),
    // Nothing is named after these objects, so nothing of theirs but the names is kept.
    metaLabels: [],
    controller: readController(fields),
  };
}

export function slimNamespace(object: unknown): NamedObject {
  return readNamed(new Fields(object), 'namespace');
}
