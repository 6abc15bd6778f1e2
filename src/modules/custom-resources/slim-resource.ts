import type { CustomResource, ResourceObject } from '../../plugin-api/index.js';

type Labels = Readonly<Record<string, string>>;

/** A copy of the whole resource, which doubles what is held of it and says nothing new. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Reduces a resource on arrival to what conversions may look at. What has no name and namespace is left out. */
export function slimResource(
  object: unknown,
  resource: Pick<CustomResource, 'group' | 'version' | 'kind'>,
): ResourceObject | undefined {
  const metadata = fieldOf(object, 'metadata');
  const name = textOf(metadata, 'name');
  const namespace = textOf(metadata, 'namespace');
  if (name === '' || namespace === '') return undefined;
  const generation = fieldOf(metadata, 'generation');
  return {
    apiVersion: `${resource.group}/${resource.version}`,
    kind: resource.kind,
    metadata: {
      namespace,
      name,
      uid: textOf(metadata, 'uid'),
      resourceVersion: textOf(metadata, 'resourceVersion'),
      ...(typeof generation === 'number' && { generation }),
      labels: textsOf(fieldOf(metadata, 'labels')),
      annotations: textsOf(fieldOf(metadata, 'annotations')),
    },
    spec: fieldOf(object, 'spec'),
  };
}

/** What is needed of a namespace. */
export interface LabelledNamespace {
  readonly name: string;
  readonly labels: Labels;
}

export function slimNamespace(object: unknown): LabelledNamespace | undefined {
  const metadata = fieldOf(object, 'metadata');
  const name = textOf(metadata, 'name');
  return name === '' ? undefined : { name, labels: textsOf(fieldOf(metadata, 'labels')) };
}

/** Own fields only: the object is somebody's JSON. */
function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

function textOf(value: unknown, name: string): string {
  const field = fieldOf(value, name);
  return typeof field === 'string' ? field : '';
}

function textsOf(value: unknown): Labels {
  const texts = Object.create(null) as Record<string, string>; // eslint-disable-line @typescript-eslint/no-unsafe-type-assertion -- an object without any field
  if (typeof value !== 'object' || value === null) return texts;
  for (const [name, text] of Object.entries(value)) {
    if (typeof text === 'string' && name !== lastApplied) texts[name] = text;
  }
  return texts;
}
