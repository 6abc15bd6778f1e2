const head = 'collector_namespace: ns\ncollector_selector: {matchLabels: {app: c}}\n';

/** A good configuration with one job. */
export function configOf(job: string, more = ''): string {
  return `${head}${more}config: {scrape_configs: [{job_name: ${job}, static_configs: [{targets: ["h:1"]}]}]}\n`;
}

/** Contents that no configuration file may have, each with what is wrong. */
export const badFiles: readonly (readonly [name: string, content: string])[] = [
  ['empty', ''],
  ['only a comment', '# nothing\n'],
  ['only a document marker', '---\n'],
  ['null', 'null\n'],
  ['a text', 'hello'],
  ['a number', '42'],
  ['a list', '- a\n- b\n'],
  ['a tab', 'config:\n\tscrape_configs: []\n'],
  ['an open bracket', 'config: ['],
  ['an open brace', 'config: {scrape_configs: '],
  ['an open quote', 'listen_addr: "127.0.0.1'],
  ['wrong indentation', 'a: 1\n  b: 2\n'],
  ['a duplicate key', `${configOf('a')}collector_namespace: other\n`],
  ['an unknown alias', 'config: *nowhere\n'],
  ['a control character', 'config: \u0001\n'],
  ['a NUL', 'config\0'],
  ['JSON cut short', '{"config": {"scrape_configs": [{"job_name": "a"}'],
  ['HTML', '<!DOCTYPE html><html></html>'],
  ['a diff', '<<<<<<< HEAD\nconfig: {}\n=======\n'],
  ['an alias bomb', aliasBomb()],
  ['nesting without end', '['.repeat(10_000)],
  ['no scrape config', head],
  ['an empty list of jobs', `${head}config: {scrape_configs: []}\n`],
  ['a null job', `${head}config: {scrape_configs: [null]}\n`],
  ['jobs that are no list', `${head}config: {scrape_configs: {}}\n`],
  ['a job without name', `${head}config: {scrape_configs: [{}]}\n`],
  ['one job name twice', `${head}config: {scrape_configs: [{job_name: a}, {job_name: a}]}\n`],
  ['a bad interval', `${head}config: {scrape_configs: [{job_name: a, scrape_interval: 1.5m}]}\n`],
  [
    'a timeout above its interval',
    `${head}config: {scrape_configs: [{job_name: a, scrape_interval: 1s, scrape_timeout: 2s}]}\n`,
  ],
  [
    'a bad expression',
    `${head}config: {scrape_configs: [{job_name: a, relabel_configs: [{regex: "("}]}]}\n`,
  ],
  [
    'a lookahead',
    `${head}config: {scrape_configs: [{job_name: a, relabel_configs: [{regex: "(?!a)"}]}]}\n`,
  ],
  [
    'an unknown action',
    `${head}config: {scrape_configs: [{job_name: a, relabel_configs: [{action: zap}]}]}\n`,
  ],
  [
    'hashmod without modulus',
    `${head}config: {scrape_configs: [{job_name: a, relabel_configs: [{action: hashmod, target_label: x}]}]}\n`,
  ],
  [
    'a target that is a URL',
    `${head}config: {scrape_configs: [{job_name: a, static_configs: [{targets: ["http://h/"]}]}]}\n`,
  ],
  [
    'two ways to authenticate',
    `${head}config: {scrape_configs: [{job_name: a, basic_auth: {username: u}, authorization: {credentials: c}}]}\n`,
  ],
  [
    'an unknown discovery',
    `${head}config: {scrape_configs: [{job_name: a, consul_sd_configs: [{server: x}]}]}\n`,
  ],
  ['no namespace', configOf('a').replace('collector_namespace: ns\n', '')],
  ['an unknown strategy', configOf('a', 'allocation_strategy: x\n')],
  ['an unknown fallback', configOf('a', 'allocation_fallback_strategy: x\n')],
  ['an unknown collector source', configOf('a', 'collector_source: {type: x}\n')],
  ['a bad duration', configOf('a', 'collector_not_ready_grace_period: 1d\n')],
  ['a bad selector', configOf('a').replace('{matchLabels: {app: c}}', '{matchExpressions: [{}]}')],
  ['a bad address', configOf('a', 'listen_addr: nowhere\n')],
  [
    'both lists of namespaces',
    configOf('a', 'prometheus_cr: {allow_namespaces: [a], deny_namespaces: [b]}\n'),
  ],
  ['a text for a truth value', configOf('a', 'allow_insecure_auth_secrets: "maybe"\n')],
  [
    'a bad reader',
    configOf('a', 'telemetry: {metrics: {readers: [{periodic: {exporter: {}}}]}}\n'),
  ],
];

function aliasBomb(): string {
  const levels = Array.from({ length: 30 }, (_, level) =>
    level === 0
      ? 'a0: &a0 [x, x]'
      : `a${String(level)}: &a${String(level)} [*a${String(level - 1)}, *a${String(level - 1)}]`,
  );
  return levels.join('\n');
}
