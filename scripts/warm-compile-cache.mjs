// Has V8 keep what it compiles of the bundle, beside it: a container starts from a file system that it cannot write to, and
// would compile everything again each time.
//
//   node scripts/warm-compile-cache.mjs [dist]
//
// What is kept is for this very Node, this user and this path, so the image makes its own. The program is started as in a
// cluster, with an API server that has one collector and nothing else, until it serves; then it is stopped. Needs no
// packages: the image calls it where there are none.

import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import module from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const startTimeoutMs = 120_000;
/** What collectors and probes ask for, so that it is compiled too. */
const paths = ['/livez', '/scrape_configs', '/jobs', '/jobs/warm/targets', '/metrics', '/'];

const collector = {
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: {
    name: 'collector-0',
    namespace: 'warm',
    uid: '1',
    resourceVersion: '1',
    labels: { app: 'collector' },
  },
  spec: { nodeName: 'node-0', containers: [] },
  status: { phase: 'Running', podIP: '127.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] },
};

const config = (kubeconfig) => ({
  collector_namespace: 'warm',
  collector_selector: { matchlabels: { app: 'collector' } },
  kube_config_file_path: kubeconfig,
  prometheus_cr: { enabled: true, service_monitor_selector: {}, pod_monitor_selector: {} },
  config: {
    scrape_configs: [
      {
        job_name: 'warm',
        static_configs: [{ targets: ['127.0.0.1:1', '127.0.0.1:2'], labels: { team: 'a' } }],
        relabel_configs: [
          { source_labels: ['team'], regex: '(.+)', target_label: 'owner', replacement: '$1' },
        ],
      },
      { job_name: 'pods', kubernetes_sd_configs: [{ role: 'pod', kubeconfig_file: kubeconfig }] },
    ],
  },
});

const kubeconfig = (server) => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'warm',
  clusters: [{ name: 'warm', cluster: { server } }],
  users: [{ name: 'warm', user: {} }],
  contexts: [{ name: 'warm', context: { cluster: 'warm', user: 'warm' } }],
});

/** Answers every list and watch, with the collector where pods are asked for. */
function answerAsApiServer(request, response) {
  const url = new URL(request.url ?? '/', 'http://server');
  const items = url.pathname.endsWith('/pods') ? [collector] : [];
  response.setHeader('Content-Type', 'application/json');
  if (url.searchParams.get('watch') === null) {
    response.end(
      JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items }),
    );
    return;
  }
  // A server without streamed lists: they are asked for again, as lists.
  if (url.searchParams.get('sendInitialEvents') !== null) {
    response.statusCode = 422;
    response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', code: 422 }));
    return;
  }
  response.flushHeaders();
}

/**
 * Makes the compile cache of a build anew. Does nothing with a Node that has none.
 *
 * @param {string} dist The folder with `main.js` and `bundle/`.
 */
export async function warmCompileCache(dist) {
  // Node has it from 22.1 on.
  if (typeof module.enableCompileCache !== 'function') return;
  const compiled = join(dist, 'bundle', 'compiled');
  await rm(compiled, { recursive: true, force: true });
  const folder = await mkdtemp(join(tmpdir(), 'warm-'));
  const server = createServer(answerAsApiServer);
  try {
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    // What is YAML is JSON, too.
    const kubeconfigFile = join(folder, 'kubeconfig');
    const apiUrl = `http://127.0.0.1:${server.address().port}`;
    await writeFile(kubeconfigFile, JSON.stringify(kubeconfig(apiUrl)));
    const configFile = join(folder, 'targetallocator.yaml');
    await writeFile(configFile, JSON.stringify(config(kubeconfigFile)));
    await serveOnce([join(dist, 'main.js'), '--config-file', configFile]);
    await letAllRead(compiled);
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Node lets only their owner read them; in an image that is somebody else. */
async function letAllRead(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
}

/** Starts the program, asks it what it is asked, and stops it: what was compiled is written when it ends. */
async function serveOnce(args) {
  const flags = ['--listen-addr', '127.0.0.1:0', '--shutdown-delay', '0s'];
  const child = spawn(process.execPath, [...args, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ended = new Promise((done) => child.once('close', (code, signal) => done(code ?? signal)));
  const url = new Promise((found) => {
    const read = (data) => {
      output += data;
      const serving = /"url":"(http:[^"]+)"/.exec(output);
      if (serving !== null) found(serving[1]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  const deadline = AbortSignal.timeout(startTimeoutMs);
  deadline.addEventListener('abort', () => child.kill('SIGKILL'));
  const address = await Promise.race([url, ended.then(() => undefined)]);
  if (address !== undefined) {
    await untilReady(address, deadline);
    for (const path of paths) await fetch(`${address}${path}`).then((answer) => answer.text());
  }
  child.kill('SIGTERM');
  const outcome = await ended;
  if (address === undefined || outcome !== 0) {
    throw new Error(`the program did not serve and stop (${outcome}):\n${output}`);
  }
}

async function untilReady(address, deadline) {
  for (;;) {
    const answer = await fetch(`${address}/readyz`, { signal: deadline });
    await answer.arrayBuffer();
    if (answer.ok) return;
    await sleep(50);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const beside = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist');
  await warmCompileCache(resolve(process.argv[2] ?? beside));
}
