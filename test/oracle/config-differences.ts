/** Documents on which we once differed from Prometheus or the Go allocator: what about, and the shrunk text. */
export const differences: readonly (readonly [about: string, text: string])[] = [
  ['nothing', 'scrape_configs: []\n'],
];
