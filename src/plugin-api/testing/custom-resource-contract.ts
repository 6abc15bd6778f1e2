import type {
  Conversion,
  CustomResource,
  ResourceLookup,
} from '../../core/custom-resource/conversion.js';
import type { ResourceObject } from '../../core/custom-resource/resource-object.js';
import { completedJob } from './completed-job.js';
import { type ContractRunner, deepFreeze, mustHold } from './contract-runner.js';

/** What a kind of custom resource is tried with. */
export interface CustomResourceSamples {
  /** Resources that mean jobs. */
  readonly good: readonly ResourceObject[];
  /** Resources that must be rejected. */
  readonly bad: readonly ResourceObject[];
  /** What their references lead to. */
  readonly lookup: ResourceLookup;
}

/** Contents that any tenant can write. */
const hostileSpecs: readonly unknown[] = [
  null,
  [],
  'text',
  7,
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'),
  { deep: nested(200) },
];

/** Defines the tests that every kind of custom resource must pass. */
export function customResourceContract(
  { describe, it }: ContractRunner,
  resource: CustomResource,
  samples: CustomResourceSamples,
): void {
  const { lookup } = samples;
  const good = deepFreeze(samples.good);
  const convert = (object: ResourceObject): Conversion => resource.convert(object, lookup);

  describe(`the custom resource ${resource.kind} keeps the contract`, () => {
    it('makes jobs of each good resource', () => {
      for (const object of good) {
        const { configs, rejected } = convert(object);
        mustHold(rejected.length === 0, () => `${nameOf(object)}: ${rejected.join('; ')}`);
        mustHold(configs.length > 0, () => `${nameOf(object)} means no job`);
      }
    });
    it('gives each job a name of its own', () => {
      const names = good.flatMap((object) => convert(object).configs.map((job) => job.job_name));
      mustHold(new Set(names).size === names.length, () => `of ${names.join(', ')} some are equal`);
    });
    it('makes jobs that a Prometheus document could have', () => {
      for (const object of good) {
        const problems = convert(object).configs.flatMap((job) => {
          const { config, problems: found } = completedJob(job);
          return config === undefined ? found : [];
        });
        mustHold(problems.length === 0, () => `${nameOf(object)}: ${problems.join('; ')}`);
      }
    });
    it('is pure: the same resource means the same, and is not changed', () => {
      for (const object of good) {
        const [first, second] = [convert(object), convert(object)].map((made) =>
          JSON.stringify(made),
        );
        mustHold(first === second, () => `${nameOf(object)} means something else the second time`);
      }
    });
    describeBadOnes(it, convert, good, samples.bad);
  });
}

function describeBadOnes(
  it: ContractRunner['it'],
  convert: (object: ResourceObject) => Conversion,
  good: readonly ResourceObject[],
  bad: readonly ResourceObject[],
): void {
  it('rejects each bad resource with a reason', () => {
    for (const object of deepFreeze(bad)) {
      const reasons = reasonsOf(() => convert(object));
      mustHold(reasons.length > 0, () => `${nameOf(object)} is not rejected`);
      mustHold(
        reasons.every((reason) => reason !== ''),
        () => `${nameOf(object)}: an empty reason`,
      );
    }
  });
  it('lets no bad or hostile resource touch another', () => {
    const before = good.map((object) => JSON.stringify(convert(object)));
    const [sample] = good;
    const hostile = sample === undefined ? [] : hostileSpecs.map((spec) => ({ ...sample, spec }));
    for (const object of [...bad, ...hostile]) reasonsOf(() => convert(object));
    const after = good.map((object) => JSON.stringify(convert(object)));
    mustHold(
      before.join('\n') === after.join('\n'),
      () => 'a good resource means something else now',
    );
    mustHold(!('polluted' in {}), () => 'the prototype of all objects was changed');
  });
}

/** A thrown error rejects a resource as well. */
function reasonsOf(convert: () => Conversion): readonly string[] {
  try {
    return convert().rejected;
  } catch (error) {
    return [String(error)];
  }
}

function nameOf({ metadata: { namespace, name } }: ResourceObject): string {
  return `${namespace}/${name}`;
}

function nested(depth: number): unknown {
  return depth === 0 ? 'bottom' : { deep: nested(depth - 1) };
}
