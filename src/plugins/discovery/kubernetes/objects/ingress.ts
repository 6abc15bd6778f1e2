import { Fields } from './fields.js';
import { readNamed, type NamedObject } from './metadata.js';

export interface IngressRule {
  /** `''`: every host. */
  readonly host: string;
  /** `undefined`: the rule says nothing about paths. */
  readonly paths: readonly string[] | undefined;
}
/** What of an ingress its targets' labels need. */
export interface Ingress extends NamedObject {
  readonly className: string | undefined;
  readonly rules: readonly IngressRule[];
  /** Host names and wildcards for which there is a certificate. */
  readonly tlsHosts: readonly string[];
}

export function slimIngress(object: unknown): Ingress {
  const fields = new Fields(object);
  const spec = fields.object('spec');
  return {
    ...readNamed(fields, 'ingress'),
    className: spec.optionalText('ingressClassName'),
    rules: spec.list('rules').map((rule) => ({
      host: rule.text('host'),
      paths: rule.has('http')
        ? rule
            .object('http')
            .list('paths')
            .map((path) => path.text('path'))
        : undefined,
    })),
    tlsHosts: spec.list('tls').flatMap((entry) => entry.texts('hosts')),
  };
}
