// npm run bench [-- core|process|http|startup|kubernetes|custom-resources|plots [options]]
//
// Without a name all of them run, one after the other. Every bench takes --quick (shows that it works, in seconds),
// --runs <how often>, --results <folder> and --keep (what its file has of cases that are not measured now); its own options
// are told where it is defined.
import { benchCore } from './core.js';
import { benchCustomResources } from './custom-resources.js';
import { benchHttp } from './http.js';
import { benchKubernetes } from './kubernetes.js';
import { drawPlots } from './plots.js';
import { benchProcess } from './process.js';
import { benchStartup } from './startup.js';

const benches = new Map<string, (args: readonly string[]) => Promise<void>>([
  ['core', benchCore],
  ['process', benchProcess],
  ['http', benchHttp],
  ['startup', benchStartup],
  ['kubernetes', benchKubernetes],
  ['custom-resources', benchCustomResources],
  ['plots', drawPlots],
]);

// Ends what was started, too: whoever starts a process kills it on exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const [first, ...rest] = process.argv.slice(2);
// `npm run bench -- --quick` is all of them, too.
const isNamed = first !== undefined && !first.startsWith('--');
const chosen = isNamed ? [benches.get(first)] : [...benches.values()];
const args = isNamed ? rest : process.argv.slice(2);
for (const bench of chosen) {
  if (bench === undefined) {
    console.error(`there is no bench "${String(first)}": ${[...benches.keys()].join(', ')}`);
    process.exitCode = 2;
  } else await bench(args);
}
