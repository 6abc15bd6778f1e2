import { RecordingLogger } from '../../../../test/fixtures/plugin-context.js';
import type {
  CustomResource,
  ResourceObject,
  ResourceSelection,
  ScrapeConfig,
} from '../../../plugin-api/index.js';
import { PluginRegistry } from '../../plugins/index.js';
import { FakeClock } from '../../telemetry/testing/fake-clock.js';
import type { AllocatorConfig } from '../../config/index.js';
import { CustomResourceSource } from '../custom-resource-source.js';
import { CustomResourceTools } from '../custom-resource-tools.js';
import { ResourceConverter } from '../resource-converter.js';
import { ResourceReports } from '../resource-reports.js';
import { ResourceStatuses } from '../resource-statuses.js';
import { FakeKubernetes } from './fake-kubernetes.js';
import { FakeValues } from './fake-values.js';

/** What the resources of these tests say. */
export interface ThingSpec {
  /** One job each. */
  readonly jobs?: readonly string[];
  /** Fields of each job. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** The password is the key `password` of this Secret. */
  readonly secret?: string;
  readonly reject?: string;
  readonly throw?: string;
}

export const everything = { matchLabels: {}, matchExpressions: [] };
export const all: ResourceSelection = {
  selector: everything,
  namespaceSelector: everything,
  allowNamespaces: [],
  denyNamespaces: [],
};

/** A clock that stands still, but for work that takes its time. */
class WorkClock extends FakeClock {
  workedMs = 0;

  override monotonicMs(): number {
    return super.monotonicMs() + this.workedMs;
  }
}

/** A source of things on a clock that stands still, and everything around it. */
export class SourceBench {
  readonly clock = new WorkClock();
  readonly logger = new RecordingLogger();
  readonly kubernetes = new FakeKubernetes();
  readonly values = new FakeValues();
  readonly statuses = new ResourceStatuses();
  readonly emissions: (readonly ScrapeConfig[])[] = [];
  /** Names of the resources that were converted, in their order. */
  readonly conversions: string[] = [];
  readonly prometheusCr = { denyFsAccessThroughSms: false };
  readonly #source: CustomResourceSource;
  #stop = new AbortController();
  /** How long the conversion of a resource takes. */
  conversionMs = 0;
  /** Whoever takes the emissions throws. */
  refuseEmissions = false;
  /** Settles with the source. */
  ended: Promise<void> = Promise.resolve();

  constructor(selection: Partial<ResourceSelection> = {}) {
    const converter = new ResourceConverter(
      this.values,
      new PluginRegistry([]),
      // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- a fake: nothing else of it is read
      { current: { prometheusCr: this.prometheusCr } as unknown as AllocatorConfig },
      { kubeconfigFile: '' },
    );
    const reports = new ResourceReports(this.statuses, this.logger);
    const tools = new CustomResourceTools(this.kubernetes, converter, reports, this.clock);
    this.#source = new CustomResourceSource(
      this.#thing(),
      { ...all, ...selection },
      tools,
      'observability',
    );
  }

  /** The jobs of the last emission; `undefined`: there was none. */
  get jobs(): readonly string[] | undefined {
    return this.emissions.at(-1)?.map((config) => config.job_name);
  }

  get warnings(): readonly string[] {
    return this.logger.lines
      .filter(({ level }) => level === 'warn')
      .map(({ message, fields }) => `${message} ${JSON.stringify(fields)}`);
  }

  async start(): Promise<this> {
    this.#stop = new AbortController();
    this.ended = this.#source.run((configs) => {
      if (this.refuseEmissions) throw new RangeError('refused');
      this.emissions.push(configs);
    }, this.#stop.signal);
    this.ended.catch(() => undefined);
    await this.pass();
    return this;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.ended;
  }

  /** Lets what is under way come to its end. */
  async pass(ms = 1_000): Promise<void> {
    await this.#finishConversions();
    for (let leftMs = ms; leftMs > 0;) {
      const stepMs = Math.min(this.clock.nextTimerInMs ?? leftMs, leftMs);
      await this.clock.advance(stepMs);
      await this.#finishConversions();
      leftMs -= stepMs;
    }
  }

  /** Conversions go on in turns of the event loop, of which the clock knows nothing. */
  async #finishConversions(): Promise<void> {
    for (let seen = -1; seen !== this.conversions.length;) {
      seen = this.conversions.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  put(key: string, spec: unknown, labels: Readonly<Record<string, string>> = {}): void {
    const [namespace = '', name = ''] = key.split('/');
    this.#version += 1;
    this.kubernetes.put('things', {
      metadata: {
        ...{ namespace, name, labels, uid: `uid of ${key}` },
        resourceVersion: String(this.#version),
      },
      spec,
    });
  }
  #version = 0;

  namespace(name: string, labels: Readonly<Record<string, string>>): void {
    this.kubernetes.put('namespaces', { metadata: { name, labels } });
  }

  delete(key: string): void {
    this.kubernetes.delete('things', key);
  }

  #thing(): CustomResource {
    return {
      ...{ group: 'example.com', version: 'v1', plural: 'things', kind: 'Thing' },
      convert: (resource, lookup) => {
        const { namespace, name } = resource.metadata;
        this.conversions.push(`${namespace}/${name}`);
        this.clock.workedMs += this.conversionMs;
        // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- what the tests put
        const spec = resource.spec as ThingSpec;
        if (spec.throw !== undefined) throw new TypeError(spec.throw);
        const password =
          spec.secret === undefined
            ? undefined
            : lookup.secret({ namespace, name: spec.secret, key: 'password' });
        const rejected = spec.reject === undefined ? [] : [spec.reject];
        return {
          rejected,
          configs: jobNames(resource, spec).map((job_name) => ({
            job_name,
            static_configs: [{ targets: ['a:1'] }],
            ...(password === undefined ? {} : { basic_auth: { username: 'u', password } }),
            ...spec.fields,
          })),
        };
      },
    };
  }
}

function jobNames({ metadata }: ResourceObject, { jobs }: ThingSpec): readonly string[] {
  return jobs ?? [`thing/${metadata.namespace}/${metadata.name}`];
}
