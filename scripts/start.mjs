// npm start: builds if needed and runs the real service, on the standalone example unless a configuration is given.
//
//   npm start                              the example, no cluster needed
//   npm start -- --config-file my.yaml     your own configuration; every flag is passed on
//   npm run dev                            the same, built and started again on each change

import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildIfStale } from './build-if-stale.mjs';
import { prepareExample } from './example.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isWatching = process.argv.includes('--watch');
const given = process.argv.slice(2).filter((argument) => argument !== '--watch');
const has = (name) => given.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
const runsExample = !has('config-file') && !has('help') && !has('version') && !given.includes('-h');

let isStopping = false;
let service;
let example;

process.on('SIGINT', () => stop('SIGINT'));
process.on('SIGTERM', () => stop('SIGTERM'));
process.on('SIGHUP', () => service?.kill('SIGHUP'));

try {
  await buildIfStale(root);
  if (!isStopping && runsExample) example = await prepareExample(root);
  if (!isStopping) run();
  if (isWatching) rebuildOnChange();
} catch (error) {
  console.error(`npm start: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

function run() {
  const logging = given.some((arg) => arg.startsWith('--zap-')) ? [] : ['--zap-encoder=console'];
  const args = [...(example?.args ?? []), ...(runsExample ? logging : []), ...given];
  const preload = join(root, 'scripts', 'exit-with-parent.mjs');
  service = spawn(process.execPath, ['--import', preload, join(root, 'dist', 'main.js'), ...args], {
    cwd: runsExample ? root : process.cwd(),
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // A group of its own: Ctrl-C in a terminal reaches it once, through this script.
    detached: true,
  });
  service.once('error', (error) => void ended(`cannot run the service: ${error.message}`, 1));
  service.once('close', (code, signal) => void ended(signal ?? '', code ?? 1));
  if (runsExample) void announce(listenUrl(args));
}

/** The service has ended: so does this, unless it is about to be started again. */
async function ended(message, code) {
  service = undefined;
  if (isWatching && !isStopping) {
    console.error(`npm run dev: the service ended (${message || code}); waiting for changes`);
    return;
  }
  if (message !== '') console.error(`npm start: ${message}`);
  await example?.close();
  process.exit(code);
}

function stop(signal) {
  isStopping = true;
  if (service === undefined) process.exit(0);
  service.kill(signal);
}

function listenUrl(args) {
  const inline = args.findLast((arg) => arg.startsWith('--listen-addr='))?.slice(14);
  const at = args.lastIndexOf('--listen-addr');
  const address = at === -1 ? inline : args[at + 1];
  return `http://${address.startsWith(':') ? '127.0.0.1' : ''}${address}`;
}

/** Says where to look, once there is something to see. */
async function announce(url) {
  for (let tries = 0; tries < 600 && service !== undefined; tries++) {
    const ready = await fetch(`${url}/readyz`).catch(() => undefined);
    if (ready?.status === 200) {
      console.log(`
The target allocator is ready.
  Overview            ${url}/
  Jobs                ${url}/jobs
  One collector's     ${url}/jobs/static/targets?collector_id=collector-0
  Scrape configs      ${url}/scrape_configs
  Metrics             ${url}/metrics
  API description     ${url}/openapi.json
Change examples/standalone/targetallocator.yaml while it runs. Ctrl-C stops it.
`);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Builds on each change of a source, and starts the service again after each build. */
function rebuildOnChange() {
  let timer;
  watch(join(root, 'src'), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => void restart(), 300);
  });
}

async function restart() {
  try {
    await buildIfStale(root);
  } catch (error) {
    console.error(`npm run dev: ${error.message}`);
    return;
  }
  if (service !== undefined) {
    const closed = new Promise((resolve) => service.once('close', resolve));
    service.kill('SIGTERM');
    await closed;
  }
  if (!isStopping) run();
}
