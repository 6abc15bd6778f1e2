import { describe, expect, it } from 'vitest';
import { slimIngress } from '../objects/ingress.js';
import { contextOf, plain } from '../testing/context.js';
import { ingressGroup } from './ingress-group.js';

const group = (spec: object) =>
  ingressGroup(slimIngress({ metadata: { name: 'shop', namespace: 'web' }, spec }), contextOf());
const rule = (host: string | undefined, ...paths: (string | undefined)[]) => ({
  ...(host === undefined ? {} : { host }),
  http: { paths: paths.map((path) => (path === undefined ? {} : { path })) },
});

describe('ingressGroup', () => {
  it('gives a target for each path of each rule', () => {
    const shown = group({
      ingressClassName: 'nginx',
      tls: [{ hosts: ['a.example.com'] }],
      rules: [rule('a.example.com', '/', '/api'), rule('b.example.com', undefined)],
    });
    const target = (host: string, path: string, scheme: string) => ({
      __address__: host,
      __meta_kubernetes_ingress_host: host,
      __meta_kubernetes_ingress_path: path,
      __meta_kubernetes_ingress_scheme: scheme,
    });
    expect(plain(shown)).toEqual({
      source: 'ingress/web/shop',
      labels: {
        __meta_kubernetes_namespace: 'web',
        __meta_kubernetes_ingress_name: 'shop',
        __meta_kubernetes_ingress_class_name: 'nginx',
      },
      targets: [
        target('a.example.com', '/', 'https'),
        target('a.example.com', '/api', 'https'),
        target('b.example.com', '/', 'http'),
      ],
    });
  });

  it.each([
    ['a.b.c', 'a.b.c', 'https'],
    ['*.b.c', '*.b.c', 'https'],
    ['*.b.c', 'x.b.c', 'https'],
    ['*.b.c', 'b.c', 'http'],
    ['*.b.c', 'x.y.b.c', 'http'],
    ['a.*.c', 'a.b.c', 'http'],
    ['x*.b.c', 'xy.b.c', 'http'],
    ['*', 'localhost', 'https'],
    ['*', 'a.b', 'http'],
    ['*', '', 'https'],
    ['', '', 'https'],
    ['a.b.c', '', 'http'],
  ])('a certificate for %j and the host %j make %s', (pattern, host, scheme) => {
    const { targets } = group({ tls: [{ hosts: [pattern] }], rules: [rule(host, '/')] });
    expect(targets[0]?.['__meta_kubernetes_ingress_scheme']).toBe(scheme);
  });

  it.each([
    ['no http part', { host: 'h' }, ['/']],
    ['an http part without paths', { host: 'h', http: {} }, []],
    ['an empty path', rule('h', ''), ['/']],
  ])('gives a rule with %s its paths', (_what, given, paths) => {
    const { targets } = group({ rules: [given] });
    expect(targets.map((target) => target['__meta_kubernetes_ingress_path'])).toEqual(paths);
  });

  it('takes a rule for every host, and an ingress with a default backend only', () => {
    expect(group({ rules: [rule(undefined, '/x')] }).targets[0]?.['__address__']).toBe('');
    expect(group({ defaultBackend: { service: { name: 'a' } } }).targets).toEqual([]);
  });
});
