import {
  MissingReferenceError,
  type ResourceLookup,
  type Secret,
  type ValueReference,
} from '../../../plugin-api/index.js';
import { type PemProblems, pemProblems } from './pem.js';
import type { SpecValue } from './spec-value.js';

/** More than anyone writes by hand; each is an object or a key that the host must look for. */
const mostReferences = 1_000;

type Found<T> = { readonly value: T } | { readonly missing: string };

/** Where values of Secrets and ConfigMaps come from. */
export type Values = Pick<References, 'secret' | 'secretOrConfigMap'>;

/** How values of Secrets and ConfigMaps are read for one resource: each is asked for once. */
export class References {
  readonly #secrets = new Map<string, Found<Secret>>();
  readonly #configMaps = new Map<string, Found<string>>();
  readonly pem: PemProblems = pemProblems();

  constructor(
    private readonly namespace: string,
    private readonly lookup: ResourceLookup,
  ) {}

  /** The value of a `SecretKeySelector`; `undefined`, with a rejection, when there is none. */
  secret(at: SpecValue): Secret | undefined {
    return required(this.#secret(at), at);
  }

  /** The value of a `SecretOrConfigMap` as text; `undefined` also when it names neither. */
  secretOrConfigMap(at: SpecValue): string | undefined {
    const secret = at.field('secret');
    if (secret.isPresent) return this.secret(secret)?.reveal();
    const configMap = at.field('configMap');
    return configMap.isPresent ? required(this.#configMap(configMap), configMap) : undefined;
  }

  /** The same for references that the tenant did not write, as those of scrape classes: what is missing is left out. */
  get lenient(): Values {
    const secret = (at: SpecValue): Secret | undefined => valueOf(this.#secret(at));
    return {
      secret,
      secretOrConfigMap: (at) => {
        const ofSecret = at.field('secret');
        if (ofSecret.isPresent) return secret(ofSecret)?.reveal();
        return valueOf(this.#configMap(at.field('configMap')));
      },
    };
  }

  #secret(at: SpecValue): Found<Secret> {
    return this.#find(this.#secrets, 'Secret', at, (wanted) => this.lookup.secret(wanted));
  }

  #configMap(at: SpecValue): Found<string> {
    return this.#find(this.#configMaps, 'ConfigMap', at, (wanted) => this.lookup.configMap(wanted));
  }

  #find<T>(
    known: Map<string, Found<T>>,
    kind: string,
    at: SpecValue,
    read: (wanted: ValueReference) => T,
  ): Found<T> {
    const name = at.field('name').text() ?? '';
    const key = at.field('key').text() ?? '';
    if (name === '' || key === '') return { missing: `must name a ${kind} and a key in it` };
    const id = JSON.stringify([name, key]);
    const found = known.get(id);
    if (found !== undefined) return found;
    if (known.size >= mostReferences) {
      return { missing: `refers to more than ${String(mostReferences)} values of ${kind}s` };
    }
    const looked = lookedUp(() => read({ namespace: this.namespace, name, key }));
    known.set(id, looked);
    return looked;
  }
}

function lookedUp<T>(read: () => T): Found<T> {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof MissingReferenceError)) throw error;
    return { missing: error.message.replace(`${error.code}: `, '') };
  }
}

function valueOf<T>(found: Found<T>): T | undefined {
  return 'value' in found ? found.value : undefined;
}

function required<T>(found: Found<T>, at: SpecValue): T | undefined {
  if ('missing' in found) at.reject(found.missing);
  return valueOf(found);
}

/** Whether a `SecretOrConfigMap` names anything. */
export function isReference(at: SpecValue): boolean {
  return at.hasAny(['secret', 'configMap']);
}
