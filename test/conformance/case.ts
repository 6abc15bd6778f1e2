import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Json, JsonObject } from './json.js';
import { casesFolder } from './paths.js';

/** One entry of `collectors`: a pod, or a family of them when it has a `count`. */
export interface CollectorEntry {
  readonly name: string;
  readonly node?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ready?: boolean;
  readonly phase?: string;
  readonly since?: string;
  readonly count?: number;
  readonly start?: number;
}

/** Makes many targets from a few words; see README.md for the fields of the templates. */
export interface TargetGenerator {
  readonly job?: string;
  readonly file?: string;
  readonly http?: string;
  readonly count: number;
  readonly start?: number;
  readonly address_template: string;
  readonly labels_template?: Readonly<Record<string, string>>;
}

export interface ObjectReference {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** What the initial state and a step have in common. */
interface Change {
  readonly files?: Readonly<Record<string, string | null>>;
  readonly http?: Readonly<Record<string, Json>>;
  readonly generate?: readonly TargetGenerator[];
}

export interface CaseStep extends Change {
  readonly apply?: readonly JsonObject[];
  readonly delete?: readonly ObjectReference[];
  readonly collectors?: {
    readonly add?: readonly CollectorEntry[];
    readonly remove?: readonly CollectorEntry[];
  };
}

export interface CaseRequest {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly scheme?: 'http' | 'https';
  readonly client?: string;
  readonly body?: 'ignore' | 'sort';
}

export interface ConformanceCase extends Change {
  readonly format: 1;
  readonly description: string;
  readonly config: JsonObject | string | null;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string | null>>;
  readonly collectors?: readonly CollectorEntry[];
  readonly objects?: readonly JsonObject[];
  readonly crds?: readonly string[];
  readonly assignment?: 'exact' | 'counts' | 'multiset' | 'union';
  readonly ignore_metrics?: readonly string[];
  readonly metric_families?: boolean;
  readonly requests?: readonly CaseRequest[];
  readonly steps?: readonly CaseStep[];
}

/** What the Go allocator answered. */
export type Expectation =
  | { readonly startup_error: { readonly exit_code: number; readonly message: string } }
  | { readonly startup_error?: undefined; readonly recordings: readonly JsonObject[] };

export const areaNames = readdirSync(casesFolder).sort();

export function caseNames(area: string): readonly string[] {
  return readdirSync(join(casesFolder, area))
    .filter((name) => existsSync(join(casesFolder, area, name, 'case.yaml')))
    .sort()
    .map((name) => `${area}/${name}`);
}

export function loadCase(name: string): ConformanceCase {
  const text = readFileSync(join(casesFolder, name, 'case.yaml'), 'utf8');
  const loaded = parse(text, { merge: true }) as ConformanceCase;
  if (loaded.format !== (1 as number)) throw new Error(`${name}: unknown case format`);
  return loaded;
}

export function loadExpectation(name: string): Expectation {
  return JSON.parse(readFileSync(join(casesFolder, name, 'expected.json'), 'utf8')) as Expectation;
}
