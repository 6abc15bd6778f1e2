import { Inject, Injectable } from '@nestjs/common';
import { fileReferences } from '../../core/custom-resource/file-references.js';
import type { Problem } from '../../core/document/problem.js';
import {
  decodeScrapeConfig,
  defaultGlobalConfig,
  type Mechanisms,
  refusedByCollector,
} from '../../core/scrape-config/index.js';
import type {
  Conversion,
  CustomResource,
  ResourceObject,
  ScrapeConfig,
  ScrapeConfigDocument,
} from '../../plugin-api/index.js';
import { ConfigService } from '../config/index.js';
import { KubernetesService } from '../kubernetes/index.js';
import { mechanismsOf, messageOf, PluginRegistry } from '../plugins/index.js';
import type { ConversionOutcome, ConvertedJob } from './conversion-outcome.js';
import { RecordedLookup } from './recorded-lookup.js';
import { costlyExpressions } from './costly-expressions.js';
import { ReferencedValues } from './referenced-values.js';

/** More than anyone writes by hand; fewer than hold up all others. */
const mostJobs = 1_000;
/** Of one list in a spec. Checked before the conversion, which cannot be interrupted. */
const mostItems = 5_000;

/** Makes jobs of one resource and checks them as those of the configuration file are checked. */
@Injectable()
export class ResourceConverter {
  readonly #mechanisms: Mechanisms;

  constructor(
    /** Whose changes make conversions outdated. */
    readonly values: ReferencedValues,
    registry: PluginRegistry,
    @Inject(ConfigService) private readonly config: Pick<ConfigService, 'current'>,
    @Inject(KubernetesService)
    private readonly kubernetes: Pick<KubernetesService, 'kubeconfigFile'>,
  ) {
    this.#mechanisms = mechanismsOf(registry);
  }

  /** Yields where it may be interrupted: jobs are read and checked one by one. */
  *convert(
    kind: CustomResource,
    resource: ResourceObject,
  ): Generator<undefined, ConversionOutcome> {
    const lookup = new RecordedLookup(this.values);
    const { configs, rejected } = convertSafely(kind, resource, lookup);
    yield;
    const references = lookup.objects;
    if (lookup.isPending) return { state: 'pending', references };
    const lacksReference = lookup.isMissing;
    if (rejected.length > 0) {
      return { state: 'rejected', reasons: rejected, lacksReference, references };
    }
    const jobs: ConvertedJob[] = [];
    const reasons: string[] = repeatedNames(configs);
    for (const document of configs) {
      const { job, problems } = this.#read(document, originOf(resource));
      if (job !== undefined) jobs.push(job);
      reasons.push(...problems);
      yield;
    }
    return reasons.length > 0
      ? { state: 'rejected', reasons, lacksReference, references }
      : { state: 'converted', jobs, references };
  }

  #read(
    document: ScrapeConfigDocument,
    origin: string,
  ): { readonly job?: ConvertedJob; readonly problems: readonly string[] } {
    const name = document.job_name;
    const denied = this.#deniedFile(document);
    if (denied !== undefined) {
      return { job: { name, config: undefined, reason: denied }, problems: [] };
    }
    const { config, problems } = decodeScrapeConfig(document, defaultGlobalConfig, {
      mechanisms: this.#mechanisms,
      origin,
      unknownMechanisms: 'keep',
    });
    const found = config === undefined ? errorsIn(problems) : refusalsOf(config);
    return { job: { name, config }, problems: found.map((reason) => `job ${name}: ${reason}`) };
  }

  #deniedFile(document: ScrapeConfigDocument): string | undefined {
    if (!this.config.current.prometheusCr.denyFsAccessThroughSms) return undefined;
    const [file] = fileReferences(document, this.kubernetes.kubeconfigFile);
    if (file === undefined) return undefined;
    return `job ${document.job_name}: ${file.path} names a file, which deny_fs_access_through_sms forbids, got ${JSON.stringify(file.value)}`;
  }
}

function convertSafely(
  kind: CustomResource,
  resource: ResourceObject,
  lookup: RecordedLookup,
): Conversion {
  const tooLong = longList(resource.spec);
  if (tooLong !== undefined) return { configs: [], rejected: [tooLong] };
  try {
    const conversion = kind.convert(resource, lookup);
    const { length } = conversion.configs;
    if (length <= mostJobs) return conversion;
    return {
      configs: [],
      rejected: [`it makes ${String(length)} jobs, and at most ${String(mostJobs)} are taken`],
    };
  } catch (error) {
    return { configs: [], rejected: [messageOf(error)] };
  }
}

function longList(spec: unknown): string | undefined {
  if (typeof spec !== 'object' || spec === null) return undefined;
  for (const [name, value] of Object.entries(spec)) {
    if (!Array.isArray(value) || value.length <= mostItems) continue;
    return `spec.${name} has ${String(value.length)} items, and at most ${String(mostItems)} are taken`;
  }
  return undefined;
}

function repeatedNames(documents: readonly ScrapeConfigDocument[]): string[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { job_name: name } of documents) (seen.has(name) ? repeated : seen).add(name);
  return [...repeated].map((name) => `it makes more than one job named ${JSON.stringify(name)}`);
}

function errorsIn(problems: readonly Problem[]): readonly string[] {
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(({ path, message, value, hint }) => {
      const got = value === undefined ? '' : `, got ${JSON.stringify(value)}`;
      return `${path}: ${message}${got}${hint === undefined ? '' : `; ${hint}`}`;
    });
}

function refusalsOf(config: ScrapeConfig): readonly string[] {
  const refusal = refusedByCollector(config);
  return [...(refusal === undefined ? [] : [refusal]), ...costlyExpressions(config)];
}

function originOf({ kind, metadata }: ResourceObject): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}
