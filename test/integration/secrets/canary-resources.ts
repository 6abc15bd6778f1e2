import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MonitorPlural } from './monitoring-cluster.js';

const tls = join(import.meta.dirname, '../../fixtures/tls');

interface KeySelector {
  readonly name: string;
  readonly key: string;
}
export interface CanaryResource {
  readonly plural: MonitorPlural;
  readonly name: string;
  readonly spec: object;
}
type Fields = Readonly<Record<string, unknown>>;

/** Texts that nobody may see, in every field of the four kinds that takes a secret. */
export class Canaries {
  /** The values of the one Secret that all fields refer to. */
  readonly values: Record<string, string> = {};
  readonly resources: CanaryResource[] = [];
  /** Canaries of resources that are rejected are served to nobody. */
  readonly rejected: readonly string[];
  readonly #run = randomBytes(6).toString('hex');
  readonly #certificate = readFileSync(join(tls, 'client.crt'), 'utf8');
  readonly #key = readFileSync(join(tls, 'client.key'), 'utf8');

  /** @param server The URL that everything is asked of with these secrets. */
  constructor(private readonly server: string) {
    this.values['certificate'] = this.#certificate;
    this.values['harmless'] = 'harmless';
    this.#addAll('good', {});
    const served = new Set(this.texts());
    // What is wrong stands in one field; the secrets of the others have been read by then.
    this.#addAll('bad', {
      metricRelabelings: [{ action: 'replace', regex: '(', targetLabel: 'x' }],
    });
    this.#addWrongKeys();
    this.rejected = this.texts().filter((text) => !served.has(text));
  }

  /** The texts to look for: each canary, and the way that it looks on the wire of the API server. */
  needles(): readonly string[] {
    return this.texts().flatMap((text) => {
      const encoded = Buffer.from(text).toString('base64');
      // The last characters depend on what follows.
      return [text, encoded.slice(0, encoded.length - 4)];
    });
  }

  texts(): readonly string[] {
    return Object.keys(this.values)
      .filter((key) => key.startsWith('canary'))
      .map((key) => this.#textOf(key));
  }

  #textOf(key: string): string {
    return `${key}-${this.#run}`;
  }

  /** A field that takes a secret. */
  #secret(suffix = ''): KeySelector {
    const key = `canary-${String(this.texts().length)}`;
    this.values[key] = this.#textOf(key) + suffix;
    return { name: 'canaries', key };
  }

  #harmless(key: string): KeySelector {
    return { name: 'canaries', key };
  }

  #basicAuth(): Fields {
    return { basicAuth: { username: this.#harmless('harmless'), password: this.#secret() } };
  }

  #authorization(): Fields {
    return { authorization: { credentials: this.#secret() } };
  }

  #tls(): Fields {
    const cert = { secret: this.#harmless('certificate') };
    // Text before the key itself belongs to the value, and is skipped by who reads the key.
    const value = this.#secret(`\n${this.#key}`);
    return { tlsConfig: { cert, keySecret: value } };
  }

  #proxy(): Fields {
    return { proxyUrl: this.server, proxyConnectHeader: { 'X-Token': [this.#secret()] } };
  }

  #oauth2(inner: Fields = {}): Fields {
    const clientId = { secret: this.#harmless('harmless') };
    const tokenUrl = `${this.server}/token`;
    return { oauth2: { clientId, clientSecret: this.#secret(), tokenUrl, ...inner } };
  }

  /** Ways to authenticate that exclude each other. */
  #httpClients(): readonly Fields[] {
    return [...this.#withoutProxy(), this.#proxy()];
  }

  /** A Probe has its proxy in its prober. */
  #withoutProxy(): readonly Fields[] {
    return [
      this.#basicAuth(),
      this.#authorization(),
      this.#tls(),
      this.#oauth2(),
      this.#oauth2(this.#tls()),
      this.#oauth2(this.#proxy()),
    ];
  }

  #addAll(prefix: string, wrong: Fields): void {
    const endpoints = (): readonly Fields[] =>
      [...this.#httpClients(), { bearerTokenSecret: this.#secret() }].map((client) => ({
        port: 'http',
        ...client,
        ...wrong,
      }));
    this.#add('servicemonitors', `${prefix}-sm`, { selector: {}, endpoints: endpoints() });
    this.#add('podmonitors', `${prefix}-pm`, { selector: {}, podMetricsEndpoints: endpoints() });
    const prober = { url: 'prober:9115', ...this.#proxy() };
    const targets = { staticConfig: { static: ['example.com'] } };
    for (const [n, client] of this.#withoutProxy().entries()) {
      this.#add('probes', `${prefix}-probe-${String(n)}`, { prober, targets, ...client, ...wrong });
    }
    for (const [n, client] of this.#httpClients().entries()) {
      const staticConfigs = [{ targets: ['h:1'] }];
      const name = `${prefix}-client-${String(n)}`;
      this.#add('scrapeconfigs', name, { staticConfigs, ...client, ...wrong });
    }
    for (const [name, discovery] of Object.entries(this.#discoveries())) {
      this.#add('scrapeconfigs', `${prefix}-${name.toLowerCase()}`, {
        [`${name}SDConfigs`]: discovery,
        ...wrong,
      });
    }
  }

  #discoveries(): Readonly<Record<string, readonly Fields[]>> {
    const http = this.#httpClients().map((client) => ({
      url: `${this.server}/targets`,
      ...client,
    }));
    const basic = (fields: Fields): readonly Fields[] => [{ ...fields, ...this.#basicAuth() }];
    const token = (fields: Fields): readonly Fields[] => [{ ...fields, ...this.#authorization() }];
    return {
      http,
      consul: [{ server: '127.0.0.1:1', tokenRef: this.#secret() }],
      kubernetes: token({ role: 'Pod', apiServer: this.server }),
      digitalOcean: token({}),
      kuma: basic({ server: this.server }),
      eureka: token({ server: this.server }),
      docker: basic({ host: this.server }),
      dockerSwarm: token({ host: this.server, role: 'Nodes' }),
      linode: token({}),
      hetzner: token({ role: 'hcloud' }),
      nomad: basic({ server: this.server }),
      ionos: token({ datacenterID: 'dc' }),
      puppetDB: basic({ url: this.server, query: 'x' }),
      ec2: [{ region: 'r', accessKey: this.#harmless('harmless'), secretKey: this.#secret() }],
      lightSail: [
        { region: 'r', accessKey: this.#harmless('harmless'), secretKey: this.#secret() },
      ],
      azure: [
        {
          subscriptionID: 's',
          tenantID: 't',
          clientID: 'c',
          authenticationMethod: 'OAuth',
          clientSecret: this.#secret(),
        },
      ],
      openstack: [
        {
          role: 'Instance',
          region: 'r',
          identityEndpoint: this.server,
          username: 'u',
          domainName: 'd',
          password: this.#secret(),
        },
      ],
      ovhcloud: [
        {
          applicationKey: 'a',
          applicationSecret: this.#secret(),
          consumerKey: this.#secret(),
          service: 'VPS',
        },
      ],
      scaleway: [{ accessKey: 'SCW', secretKey: this.#secret(), projectID: '1', role: 'Instance' }],
    };
  }

  /** Secrets that are refused for what is in them: the refusal must not say what that is. */
  #addWrongKeys(): void {
    const cert = { secret: this.#harmless('certificate') };
    const endpoint = (client: Fields): Fields => ({ port: 'http', ...client });
    this.#add('servicemonitors', 'wrong-key', {
      selector: {},
      endpoints: [endpoint({ tlsConfig: { cert, keySecret: this.#secret() } })],
    });
    this.#add('servicemonitors', 'wrong-certificate', {
      selector: {},
      endpoints: [
        endpoint({ tlsConfig: { cert: { secret: this.#secret() }, keySecret: this.#secret() } }),
      ],
    });
    this.#add('servicemonitors', 'wrong-authority', {
      selector: {},
      endpoints: [endpoint({ tlsConfig: { ca: { secret: this.#secret() } } })],
    });
    this.#add('servicemonitors', 'missing-key', {
      selector: {},
      endpoints: [
        endpoint(this.#basicAuth()),
        endpoint({ authorization: { credentials: this.#harmless('absent') } }),
      ],
    });
  }

  #add(plural: MonitorPlural, name: string, spec: object): void {
    this.resources.push({ plural, name, spec });
  }
}
