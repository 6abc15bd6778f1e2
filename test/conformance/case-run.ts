import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../fixtures/cluster/free-ports.js';
import { Program } from '../fixtures/program.js';
import { rawRequest } from '../fixtures/raw-request.js';
import { yamlText } from '../fixtures/yaml-text.js';
import type { CaseStep, ConformanceCase, TargetGenerator } from './case.js';
import type { CaseCluster } from './case-cluster.js';
import { CaseFixtures } from './case-fixtures.js';
import {
  collectorNamespace,
  collectorPod,
  expandCollectors,
  generatedGroups,
  timeAgo,
} from './expand.js';
import type { Implementation } from './implementation.js';
import { isJsonList, isJsonObject, mapStrings, type Json, type JsonObject } from './json.js';
import { certificatesFolder } from './paths.js';
import { takeSnapshot } from './snapshot.js';

/** One case with the implementation running on it. */
export class CaseRun {
  readonly #case: ConformanceCase;
  readonly #cluster: CaseCluster;
  readonly #fixtures: CaseFixtures;
  readonly #ports: readonly number[];
  readonly #collectors = new Set<string>();
  #program: Program | undefined;

  private constructor(
    conformanceCase: ConformanceCase,
    cluster: CaseCluster,
    fixtures: CaseFixtures,
    ports: readonly number[],
  ) {
    this.#case = conformanceCase;
    this.#cluster = cluster;
    this.#fixtures = fixtures;
    this.#ports = ports;
  }

  static async start(
    conformanceCase: ConformanceCase,
    cluster: CaseCluster,
    implementation: Implementation,
  ): Promise<CaseRun> {
    const [fixtures, ports] = await Promise.all([CaseFixtures.start(), freePorts(2)]);
    const run = new CaseRun(conformanceCase, cluster, fixtures, ports);
    try {
      await run.#prepareWorld();
      await run.#startProgram(implementation);
    } catch (error) {
      await run.stop();
      throw error;
    }
    return run;
  }

  get output(): string {
    return this.#program?.output ?? '';
  }

  assertRunning(): void {
    if (this.#program?.isRunning !== true) {
      throw new Error(`the implementation has ended:\n${this.output.slice(-1_000)}`);
    }
  }

  /** Resolves once it serves, with the exit code if it ended before. */
  async waitUntilServing(): Promise<number | string | undefined> {
    const deadline = performance.now() + 60_000;
    while (performance.now() < deadline) {
      if (this.#program?.isRunning !== true) return this.#program?.exited;
      const answer = await rawRequest({ port: this.#port, path: '/livez' }).catch(() => undefined);
      if (answer?.status === 200) return undefined;
      await sleep(100);
    }
    throw new Error(`no answer to /livez in 60 s:\n${this.output.slice(-1_000)}`);
  }

  async apply(step: CaseStep): Promise<void> {
    for (const object of step.apply ?? []) await this.#applyObject(object);
    for (const reference of step.delete ?? []) await this.#cluster.delete(reference);
    for (const { name, namespace } of expandCollectors(step.collectors?.remove)) {
      await this.#cluster.delete({ kind: 'Pod', name, namespace: namespace ?? collectorNamespace });
    }
    await this.#addCollectors(step.collectors?.add);
    await this.#changeFixtures(step);
  }

  snapshot(): Promise<JsonObject> {
    return takeSnapshot({
      case: this.#case,
      port: this.#port,
      tlsPort: this.#ports[1] ?? 0,
      collectors: [...this.#collectors],
      mask: (text) => this.#mask(text),
    });
  }

  async stop(): Promise<void> {
    await this.#program?.stop();
    await this.#fixtures.stop();
  }

  get #port(): number {
    return this.#ports[0] ?? 0;
  }

  async #prepareWorld(): Promise<void> {
    for (const object of this.#case.objects ?? []) await this.#applyObject(object);
    await this.#addCollectors(this.#case.collectors);
    await this.#changeFixtures(this.#case);
  }

  async #addCollectors(entries: ConformanceCase['collectors']): Promise<void> {
    for (const entry of expandCollectors(entries)) {
      await this.#cluster.apply(collectorPod(entry));
      this.#collectors.add(entry.name);
    }
  }

  async #applyObject(object: JsonObject): Promise<void> {
    await this.#cluster.apply(this.#expand(object) as JsonObject);
  }

  async #changeFixtures(change: CaseStep | ConformanceCase): Promise<void> {
    for (const [name, content] of Object.entries(change.files ?? {})) {
      await this.#fixtures.setFile(name, content === null ? null : this.#unmask(content));
    }
    for (const [path, route] of Object.entries(change.http ?? {})) {
      this.#fixtures.setRoute(path, this.#expand(route));
    }
    for (const generator of change.generate ?? []) {
      const groups = generatedGroups(generator);
      if (generator.http !== undefined) this.#fixtures.setRoute(generator.http, groups);
      if (generator.file !== undefined) {
        await this.#fixtures.setFile(generator.file, JSON.stringify(groups));
      }
    }
  }

  async #startProgram(implementation: Implementation): Promise<void> {
    const { config } = this.#case;
    const configFile = join(this.#fixtures.folder, 'targetallocator.yaml');
    if (config !== null) {
      const text = typeof config === 'string' ? config : this.#configText(config);
      await this.#fixtures.setFile('targetallocator.yaml', this.#unmask(text));
    }
    const flags = (this.#case.flags ?? []).map((flag) => this.#unmask(flag));
    this.#program = new Program(
      implementation.command,
      [
        ...implementation.args,
        ...['--kubeconfig-path', this.#cluster.kubeconfigPath, '--config-file', configFile],
        ...['--listen-addr', `127.0.0.1:${String(this.#port)}`, ...flags],
      ],
      { env: this.#environment() },
    );
  }

  #configText(config: JsonObject): string {
    const generators = (this.#case.generate ?? []).filter((g) => g.job !== undefined);
    return yamlText(generators.reduce<JsonObject>(withGeneratedTargets, config));
  }

  #environment(): NodeJS.ProcessEnv {
    const given = Object.entries(this.#case.env ?? {}).map(([name, value]) => [
      name,
      value === null ? undefined : this.#unmask(value),
    ]);
    return {
      ...process.env,
      ALLOW_INSECURE_AUTH_SECRETS: undefined,
      OTELCOL_NAMESPACE: collectorNamespace,
      ...(Object.fromEntries(given) as NodeJS.ProcessEnv),
    };
  }

  #tokens(): readonly (readonly [token: string, value: string])[] {
    return [
      ['${CASE_DIR}', this.#fixtures.folder],
      ['${KUBECONFIG}', this.#cluster.kubeconfigPath],
      ['${HTTP_SD}', `http://${this.#fixtures.address}`],
      ['${HTTP_SD_ADDR}', this.#fixtures.address],
      ['${HTTPS_ADDR}', `127.0.0.1:${String(this.#ports[1])}`],
      ['${CERTS}', certificatesFolder],
    ];
  }

  #unmask(text: string): string {
    const filled = this.#tokens().reduce((t, [token, value]) => t.replaceAll(token, value), text);
    return filled.replace(/\$\{AGO:(\w+)\}/g, (_, age: string) => timeAgo(age));
  }

  #mask(text: string): string {
    const uid = this.#cluster.uidTokens.get(text);
    if (uid !== undefined) return uid;
    return this.#tokens()
      .filter(([token]) => token !== '${HTTPS_ADDR}')
      .reduce((t, [token, value]) => t.replaceAll(value, token), text);
  }

  #expand(value: Json): Json {
    return mapStrings(value, (text) => this.#unmask(text));
  }
}

function withGeneratedTargets(config: JsonObject, generator: TargetGenerator): JsonObject {
  const document = config['config'];
  const jobs = isJsonObject(document) ? document['scrape_configs'] : undefined;
  if (!isJsonObject(document) || !isJsonList(jobs)) throw new Error('no scrape_configs to add to');
  const completed = jobs.map((job) => {
    if (!isJsonObject(job) || job['job_name'] !== generator.job) return job;
    const given = job['static_configs'];
    return {
      ...job,
      static_configs: [...(isJsonList(given) ? given : []), ...generatedGroups(generator)],
    };
  });
  return { ...config, config: { ...document, scrape_configs: completed } };
}
