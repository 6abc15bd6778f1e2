// npm run bench [-- engine|kubernetes [arguments]]
//
// Without a name all of them run, one after the other.

const benches: Readonly<Record<string, () => Promise<unknown>>> = {
  engine: () => import(new URL('engine.mjs', import.meta.url).href),
  kubernetes: async () => {
    const { benchKubernetes } = await import('./kubernetes.js');
    await benchKubernetes();
  },
};

const [, , name] = process.argv;
const bench = name === undefined ? undefined : benches[name];
if (name !== undefined && bench === undefined) {
  console.error(`there is no bench "${name}": ${Object.keys(benches).join(', ')}`);
  process.exitCode = 2;
} else {
  // A bench finds its own arguments where it would find them if it had been started by itself.
  process.argv.splice(2, 1);
  for (const run of bench === undefined ? Object.values(benches) : [bench]) await run();
}
