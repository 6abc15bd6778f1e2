/** Documents on which we once differed from Prometheus or the Go allocator: what about, and the shrunk text. */
export const differences: readonly (readonly [about: string, text: string])[] = [
  [
    'an unknown escaping scheme that no job can have',
    'global:\n  metric_name_escaping_scheme: "true"\n  rule_query_offset: 10s\n',
  ],
  [
    'a block text at the end of a file without a line break',
    'scrape_configs:\n  - job_name: a\n    basic_auth:\n      password: |\n        line1\n        line2',
  ],
];
