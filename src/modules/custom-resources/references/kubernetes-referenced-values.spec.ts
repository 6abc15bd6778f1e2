import { beforeEach, afterEach, describe, expect, it } from 'vitest';
import { base64 } from './testing/fake-objects.js';
import {
  known,
  missing,
  pending,
  referencedWorld,
  type ReferencedWorld,
} from './testing/referenced-world.js';

let cluster: ReferencedWorld['cluster'];
let clock: ReferencedWorld['clock'];
let values: ReferencedWorld['values'];
let changed: ReferencedWorld['changed'];
let namespaces: ReferencedWorld['namespaces'];
let get: ReferencedWorld['get'];
let own: ReferencedWorld['own'];

beforeEach(() => {
  ({ cluster, clock, values, changed, namespaces, get, own } = referencedWorld());
});
afterEach(() => {
  values.onModuleDestroy();
  expect(clock.pendingTimers).toBe(0);
  expect(cluster.watches.size).toBe(0);
});

describe('KubernetesReferencedValues', () => {
  it('reads an object when it is first asked for, and says when it is known', async () => {
    cluster.put('secrets/shop/creds', { user: base64('alice'), pass: base64('s3cr3t ä\n') });
    expect(get('Secret', 'creds', 'user')).toEqual(pending);
    await clock.advance(0);
    expect(changed).toEqual(['Secret/shop/creds']);
    expect(get('Secret', 'creds', 'user')).toEqual(known('alice'));
    expect(get('Secret', 'creds', 'pass')).toEqual(known('s3cr3t ä\n'));
  });

  it('reads an object once, however many ask', async () => {
    cluster.put('secrets/shop/creds', { user: base64('alice') });
    for (let n = 0; n < 100; n++) {
      get('Secret', 'creds', 'user');
      values.retain(`owner ${String(n)}`, [{ kind: 'Secret', namespace: 'shop', name: 'creds' }]);
    }
    await clock.advance(0);
    expect(cluster.reads).toEqual(['secrets/shop/creds']);
  });

  it('asks for few objects at a time', async () => {
    for (let n = 0; n < 100; n++) get('Secret', `s-${String(n)}`, 'k');
    await clock.advance(0);
    expect(cluster.reads).toHaveLength(100);
    expect(cluster.mostAtOnce).toBe(8);
  });

  it('takes the texts of a ConfigMap as they are', async () => {
    cluster.put('configmaps/shop/ids', { id: 'client-one', empty: '' });
    get('ConfigMap', 'ids', 'id');
    await clock.advance(0);
    const id = (key: string) => get('ConfigMap', 'ids', key);
    expect(id('id')).toEqual(known('client-one'));
    expect(id('empty')).toEqual(known(''));
    expect(id('__proto__')).toEqual(missing('ConfigMap shop/ids has no key "__proto__"'));
    expect(changed).toEqual(['ConfigMap/shop/ids']);
  });

  it('gives a value of 1 MiB whole, and bytes that are no UTF-8 as replacement characters', async () => {
    const large = 'x'.repeat(1 << 20);
    const bytes = Buffer.from([0x61, 0xff, 0x62]).toString('base64');
    cluster.put('secrets/shop/creds', { large: base64(large), bytes });
    get('Secret', 'creds', 'large');
    await clock.advance(0);
    expect(get('Secret', 'creds', 'large')).toEqual(known(large));
    expect(get('Secret', 'creds', 'bytes')).toEqual(known('a\uFFFDb'));
  });

  it.each(['', '..', 'a/b', '../pods', 'a?watch=true', 'UPPER', 'x'.repeat(254)])(
    'asks nobody for what no object can be called: %j',
    async (name) => {
      own('Secret', 'shop', name);
      expect(get('Secret', name, 'k')).toMatchObject({ state: 'missing' });
      await clock.advance(0);
      expect(cluster.reads).toEqual([]);
    },
  );
});

describe('a Secret where Secrets are watched', () => {
  beforeEach(async () => {
    cluster.put('secrets/shop/creds', { user: base64('alice') });
    own('Secret', 'shop', 'creds');
    get('Secret', 'creds', 'user');
    await clock.advance(0);
    changed.length = 0;
    cluster.reads.length = 0;
  });

  it('is watched by its metadata only', () => {
    expect(cluster.watches.get('shop')?.isMetadataOnly).toBe(true);
  });

  it('is read again at once when it changes', async () => {
    cluster.put('secrets/shop/creds', { user: base64('bob') });
    await clock.advance(0);
    expect(get('Secret', 'creds', 'user')).toEqual(known('bob'));
    expect(changed).toEqual(['Secret/shop/creds']);
  });

  it('changes nothing when only its metadata change', async () => {
    cluster.put('secrets/shop/creds', { user: base64('alice') });
    await clock.advance(0);
    expect(cluster.reads).toHaveLength(1);
    expect(changed).toEqual([]);
  });

  it('is missing when it was deleted, and known again when it is made anew', async () => {
    cluster.delete('secrets/shop/creds');
    await clock.advance(0);
    expect(get('Secret', 'creds', 'user')).toEqual(missing('Secret shop/creds does not exist'));
    cluster.put('secrets/shop/creds', { user: base64('bob') });
    await clock.advance(0);
    expect(get('Secret', 'creds', 'user')).toEqual(known('bob'));
    expect(changed).toHaveLength(2);
  });

  it('lacks a key that was removed', async () => {
    cluster.put('secrets/shop/creds', { other: base64('x') });
    await clock.advance(0);
    expect(get('Secret', 'creds', 'user')).toEqual(missing('Secret shop/creds has no key "user"'));
  });

  it('is read once more when it changes while it is read', async () => {
    let open = (): void => undefined;
    cluster.gate = new Promise((resolve) => (open = resolve));
    cluster.put('secrets/shop/creds', { user: base64('bob') });
    await clock.advance(0);
    cluster.put('secrets/shop/creds', { user: base64('carol') });
    open();
    await clock.advance(0);
    expect(cluster.reads).toHaveLength(2);
    expect(get('Secret', 'creds', 'user')).toEqual(known('carol'));
    expect(changed).toEqual(['Secret/shop/creds']);
  });

  it('is not asked for by changes of others', async () => {
    cluster.put('secrets/shop/unrelated', {});
    cluster.put('secrets/other/creds', {});
    await clock.advance(0);
    expect(cluster.reads).toEqual([]);
  });

  it('is read again within a minute where the watch fails', async () => {
    cluster.watches.get('shop')?.fail({ kind: 'forbidden', message: 'no list right' });
    cluster.put('secrets/shop/creds', { user: base64('bob') });
    await clock.advance(60_000);
    expect(get('Secret', 'creds', 'user')).toEqual(known('bob'));
  });

  it('is otherwise read seldom', async () => {
    await clock.advance(600_000);
    expect(cluster.reads.length).toBeLessThanOrEqual(2);
  });
});

describe('where Secrets are watched', () => {
  it('may change while some are followed', async () => {
    cluster.put('secrets/elsewhere/x', { k: base64('one') });
    own('Secret', 'elsewhere', 'x');
    own('Secret', 'shop', 'y');
    await clock.advance(0);
    expect([...cluster.watches.keys()]).toEqual(['shop']);
    namespaces.splice(0, 1, 'elsewhere');
    values.watchSecretNamespaces();
    expect([...cluster.watches.keys()]).toEqual(['elsewhere']);
    cluster.put('secrets/elsewhere/x', { k: base64('two') });
    await clock.advance(0);
    expect(get('Secret', 'x', 'k', 'elsewhere')).toEqual(known('two'));
  });
});

describe('what is not watched', () => {
  it.each([
    ['ConfigMap', 'configmaps/shop/x', (text: string) => text],
    ['Secret', 'secrets/elsewhere/x', base64],
  ] as const)('is read again within a minute: %s', async (kind, path, encode) => {
    const namespace = path.split('/')[1] ?? '';
    const x = () => get(kind, 'x', 'k', namespace);
    own(kind, namespace, 'x');
    x();
    await clock.advance(0);
    expect(x()).toEqual(missing(`${kind} ${namespace}/x does not exist`));
    cluster.put(path, { k: encode('one') });
    await clock.advance(60_000);
    expect(x()).toEqual(known('one'));
    cluster.put(path, { k: encode('two') });
    await clock.advance(60_000);
    expect(x()).toEqual(known('two'));
    expect(cluster.watches.size).toBe(0);
  });

  it('is read less often the more there is of it', async () => {
    for (let n = 0; n < 5_000; n++) own('ConfigMap', 'shop', `m-${String(n)}`);
    await clock.advance(0);
    cluster.reads.length = 0;
    await clock.advance(60_000);
    expect(cluster.reads.length).toBeLessThan(1_000);
  });
});

describe('what nobody needs', () => {
  it('is forgotten with its last owner, and its watch with it', async () => {
    const creds = { kind: 'Secret', namespace: 'shop', name: 'creds' } as const;
    values.retain('a', [creds]);
    values.retain('b', [creds]);
    await clock.advance(0);
    values.retain('a', []);
    expect(values.counts()).toEqual([{ kind: 'Secret', state: 'absent', objects: 1 }]);
    values.retain('b', [{ ...creds, name: 'other' }]);
    expect(cluster.watches.size).toBe(1);
    values.retain('b', []);
    expect(values.counts()).toEqual([]);
    expect(cluster.watches.size).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is forgotten after some minutes when it was asked for and never needed', async () => {
    get('Secret', 'creds', 'user');
    await clock.advance(60_000);
    expect(values.counts()).toHaveLength(1);
    await clock.advance(1_200_000);
    expect(values.counts()).toEqual([]);
  });

  it('is read anew when it is needed again', async () => {
    cluster.put('secrets/shop/creds', { user: base64('alice') });
    own('Secret', 'shop', 'creds');
    await clock.advance(0);
    values.retain('Secret shop creds', []);
    cluster.put('secrets/shop/creds', { user: base64('bob') });
    own('Secret', 'shop', 'creds');
    expect(get('Secret', 'creds', 'user')).toEqual(pending);
    await clock.advance(0);
    expect(get('Secret', 'creds', 'user')).toEqual(known('bob'));
  });
});
