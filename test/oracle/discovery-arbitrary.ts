import fc from 'fast-check';
import { httpClient } from './http-client-arbitrary.js';
import { bool, duration, labelKeys, text, url } from './value-arbitrary.js';
import { field, listOf, mapOf, pool, scalars, structOf, structWith } from './yaml-arbitrary.js';
import type { YamlMap, YamlValue } from './yaml-writer.js';

const targets = listOf(
  pool(['"a:80"', 'b:9090', '"[::1]:80"', '0777', 'é'], ['http://c/metrics', '/']),
);
export const staticConfig = structOf({ targets, labels: mapOf(labelKeys, text) }, 80);
export const fileSd = structWith(
  {
    files: fc
      .array(
        field(pool(['a.json', '/b/*.yml', '"*.YAML"', '"x*.json"'], ['c.txt', '"a*/b.json"'])),
        {
          minLength: 1,
          maxLength: 2,
        },
      )
      .map((list) => ({ list })),
  },
  { refresh_interval: duration },
);
export const httpSd = fc
  .tuple(
    structWith(
      {
        url: fc.oneof(
          {
            weight: 5,
            arbitrary: scalars('http://sd:80/x', '"https://u:p@sd/?a=b#c"', 'HTTPS://sd'),
          },
          { weight: 1, arbitrary: url },
        ),
      },
      { refresh_interval: duration },
    ),
    httpClient,
  )
  .map(([own, client]) => ({ map: [...own.map, ...client.map] }));
const roles = ['pod', 'node', 'service', 'endpoints', 'endpointslice', 'ingress'] as const;
const role = pool(roles, ['Pod', '""']);
const labelSelector = pool(
  [
    'a=b',
    '"a in (b, c)"',
    '"a,!b"',
    '"a>5"',
    '"a in ()"',
    '"a notin (,x)"',
    '"in in (in)"',
    'x.y/a==b',
  ],
  ['"a=b c"', '"-a"', '"a in (b"', '"a>x"', '"a,"', '"!a=b"', '"a/b/c"', '"a>-5"', '"A.b/c"'],
);
const fieldSelector = pool(
  ['metadata.name=x', '"a!=b,c==d"', '"a=b\\\\,c"', '",,"', '"=x"'],
  ['"a"', '"a=b=c"', '"a=b\\\\x"', '"a=b\\\\"'],
);
const selectors = fc.oneof(
  {
    weight: 4,
    arbitrary: structWith(
      { role: scalars('pod') },
      { label: labelSelector, field: fieldSelector },
      60,
    ).map((selector): YamlValue => ({ list: [selector] })),
  },
  { weight: 1, arbitrary: listOf(structWith({ role }, { label: labelSelector }), 2) },
);
const kubernetesAccess = fc.oneof(
  { weight: 6, arbitrary: fc.constant<YamlMap>({ map: [] }) },
  { weight: 3, arbitrary: structWith({ kubeconfig_file: text }, {}) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(structWith({ api_server: url }, {}), httpClient)
      .map((parts): YamlMap => ({ map: parts.flatMap(({ map }) => map) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(structOf({ api_server: url, kubeconfig_file: text }, 50), httpClient)
      .map((parts): YamlMap => ({ map: parts.flatMap(({ map }) => map) })),
  },
);
export const kubernetesSd = fc
  .tuple(
    structWith(
      { role: fc.oneof({ weight: 3, arbitrary: scalars('pod') }, { weight: 1, arbitrary: role }) },
      {
        namespaces: structOf({ own_namespace: bool, names: listOf(text) }, 50),
        selectors,
        attach_metadata: structOf({ node: bool, namespace: bool, job: bool, cronjob: bool }, 50),
      },
    ),
    kubernetesAccess,
  )
  .map(([own, access]) => ({ map: [...own.map, ...access.map] }));
