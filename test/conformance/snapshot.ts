import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rawRequest, type RawAnswer } from '../fixtures/raw-request.js';
import type { CaseRequest, ConformanceCase } from './case.js';
import { gaugeValues, metricFamilies, targetsPerCollector } from './exposition.js';
import {
  canonicalText,
  isJsonList,
  isJsonObject,
  jsonObject,
  mapStrings,
  sortedByText,
  type Json,
  type JsonObject,
} from './json.js';
import { certificatesFolder } from './paths.js';

export interface SnapshotSource {
  readonly case: ConformanceCase;
  readonly port: number;
  readonly tlsPort: number;
  /** Every collector that the case has ever had. */
  readonly collectors: readonly string[];
  /** Puts tokens in the place of text that differs from run to run. */
  readonly mask: (text: string) => string;
}

type Answer = JsonObject & { readonly body?: Json };

/** All that the allocator answers, in the form of the recordings. @see README.md of this folder */
export async function takeSnapshot(source: SnapshotSource): Promise<JsonObject> {
  const mode = source.case.assignment ?? 'exact';
  const endpoints: [string, Json][] = [];
  const jobs = new Set<string>();
  for (const path of ['/scrape_configs', '/jobs']) {
    const answer = await fetchAnswer(source, { path });
    endpoints.push([path, answer]);
    if (isJsonObject(answer.body)) for (const job of Object.keys(answer.body)) jobs.add(job);
  }
  const totals = new Map<string, number>();
  for (const job of [...jobs].sort()) {
    const answers = await fetchTargets(source, job);
    for (const [collector, { body }] of answers.perCollector) {
      const count = isJsonList(body) ? body.length : 0;
      totals.set(collector, (totals.get(collector) ?? 0) + count);
    }
    endpoints.push(...(mode === 'exact' ? exact(answers) : union(answers)));
  }
  const exposition = (await send(source, { path: '/metrics' })).text;
  return jsonObject([
    ['endpoints', jsonObject(endpoints)],
    ['metrics', metricValues(source, exposition, mode)],
    ...assigned(mode, totals),
    ...(await optionalParts(source, exposition)),
  ]);
}

interface TargetAnswers {
  readonly path: string;
  readonly whole: Answer;
  readonly perCollector: ReadonlyMap<string, Answer>;
}

async function fetchTargets(source: SnapshotSource, job: string): Promise<TargetAnswers> {
  const path = `/jobs/${encodeURIComponent(job)}/targets`;
  const whole = withSortedTargets(await fetchAnswer(source, { path }));
  const perCollector = new Map<string, Answer>();
  for (const collector of source.collectors) {
    const query = `${path}?collector_id=${encodeURIComponent(collector)}`;
    perCollector.set(collector, withSortedBody(await fetchAnswer(source, { path: query })));
  }
  return { path, whole, perCollector };
}

async function optionalParts(
  source: SnapshotSource,
  exposition: string,
): Promise<[string, Json][]> {
  const parts: [string, Json][] = [];
  if (source.case.metric_families === true) {
    parts.push(['metric_families', metricFamilies(exposition)]);
  }
  if (source.case.requests !== undefined) {
    parts.push(['requests', await furtherRequests(source, source.case.requests)]);
  }
  return parts;
}

function assigned(mode: string, totals: ReadonlyMap<string, number>): [string, Json][] {
  if (mode === 'counts') return [['assigned', jsonObject(totals)]];
  if (mode === 'multiset') return [['assigned', [...totals.values()].sort((a, b) => a - b)]];
  return [];
}

/** The answers as they are; a collector's answer that repeats its entry of the job's answer only says so. */
function exact({ path, whole, perCollector }: TargetAnswers): [string, Json][] {
  const body = isJsonObject(whole.body) ? whole.body : undefined;
  const answers = [...perCollector].map(([collector, answer]): [string, Json] => {
    const entry = body?.[collector];
    return [`${path}?collector_id=${collector}`, compact(answer, entry)];
  });
  return [[path, whole], ...answers];
}

function compact(answer: Answer, entry: Json | undefined): Json {
  const type = typeof answer['content_type'] === 'string' ? answer['content_type'] : '';
  if (answer['status'] !== 200 || type.split(';')[0] !== 'application/json') return answer;
  const body = canonicalText(answer.body ?? null);
  if (entry === undefined) return body === '[]' ? '= []' : answer;
  const targets = isJsonObject(entry) ? (entry['targets'] ?? null) : null;
  return canonicalText(targets) === body ? "= its entry in the job's answer" : answer;
}

/** For cases where it is left open which collector has which target. */
function union({ path, whole, perCollector }: TargetAnswers): [string, Json][] {
  const { body } = whole;
  if (!isJsonObject(body)) return [[path, whole]];
  const targets = Object.values(body).flatMap(targetsOf);
  const others = Object.entries(body).map(([collector, entry]): [string, Json] => {
    const members = Object.entries(isJsonObject(entry) ? entry : {});
    return [collector, jsonObject(members.filter(([name]) => name !== 'targets'))];
  });
  const agree = [...perCollector].every(
    ([collector, answer]) =>
      canonicalText(answer.body ?? null) === canonicalText(targetsOf(body[collector] ?? null)),
  );
  const merged = {
    collectors: jsonObject(others),
    'targets of all collectors': sortedByText(targets),
  };
  return [[path, { ...whole, body: merged, per_collector_lists_agree: agree }]];
}

function targetsOf(entry: Json): readonly Json[] {
  const targets = isJsonObject(entry) ? entry['targets'] : undefined;
  return isJsonList(targets) ? targets : [];
}

function metricValues(source: SnapshotSource, exposition: string, mode: string): JsonObject {
  const ignored = source.case.ignore_metrics ?? [];
  const values = [...gaugeValues(exposition)].filter(
    ([series]) => !ignored.includes(series.replace(/\{.*/, '')),
  );
  if (mode !== 'multiset') return jsonObject(values);
  const isPerCollector = (series: string) => series.startsWith(`${targetsPerCollector}{`);
  const per = values.filter(([series]) => isPerCollector(series)).map(([, value]) => value);
  return jsonObject([
    ...values.filter(([series]) => !isPerCollector(series)),
    [`${targetsPerCollector} (sorted values)`, per.sort((a, b) => a - b)],
  ]);
}

async function furtherRequests(
  source: SnapshotSource,
  requests: readonly CaseRequest[],
): Promise<Json> {
  const answers: Json[] = [];
  for (const request of requests) {
    const { body, ...answer } = await fetchAnswer(source, request, ['location', 'allow']);
    if (body === undefined || request.body === 'ignore') answers.push(answer);
    else
      answers.push(
        request.body === 'sort' ? withSortedBody({ ...answer, body }) : { ...answer, body },
      );
  }
  return answers;
}

function withSortedBody(answer: Answer): Answer {
  return isJsonList(answer.body) ? { ...answer, body: sortedByText(answer.body) } : answer;
}

function withSortedTargets(answer: Answer): Answer {
  const { body } = answer;
  if (!isJsonObject(body)) return answer;
  const sorted = Object.entries(body).map(([collector, entry]): [string, Json] =>
    isJsonObject(entry) && isJsonList(entry['targets'])
      ? [collector, { ...entry, targets: sortedByText(entry['targets']) }]
      : [collector, entry],
  );
  return { ...answer, body: jsonObject(sorted) };
}

async function fetchAnswer(
  source: SnapshotSource,
  request: CaseRequest,
  headerNames: readonly string[] = [],
): Promise<Answer> {
  let answer: RawAnswer;
  try {
    answer = await send(source, request);
  } catch (error) {
    if (request.scheme !== 'https') throw error;
    return { refused: true };
  }
  const contentType = answer.headers['content-type'] ?? null;
  const recorded = headerNames.flatMap((name): [string, Json][] => {
    const value = answer.headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  const body = bodyOf(answer.text, (contentType ?? '').split(';')[0] ?? '');
  return mapStrings(
    {
      status: answer.status,
      content_type: contentType,
      ...(body === undefined ? {} : { body }),
      ...Object.fromEntries(recorded),
    },
    source.mask,
  ) as Answer;
}

function bodyOf(text: string, contentType: string): Json | undefined {
  if (contentType === 'text/html') return undefined;
  if (contentType !== 'application/json' || text === '') return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function send(source: SnapshotSource, request: CaseRequest): Promise<RawAnswer> {
  const { path, method = 'GET', headers = {} } = request;
  if (request.scheme !== 'https') return rawRequest({ port: source.port, path, method, headers });
  const { client = 'none' } = request;
  const certificate = (suffix: string) =>
    readFileSync(join(certificatesFolder, `${client}.${suffix}`));
  const tls = client === 'none' ? {} : { cert: certificate('pem'), key: certificate('key') };
  return rawRequest({ port: source.tlsPort, path, method, headers, tls });
}
