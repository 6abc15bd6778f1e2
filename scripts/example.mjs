import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startTargets } from '../examples/standalone/targets.mjs';

const host = '127.0.0.1';
const directory = 'examples/standalone';
const listenPort = 8080;

/**
 * Starts what the standalone example needs beside the allocator.
 *
 * @returns what to run the allocator with, where it will be, and how to clear up
 */
export async function prepareExample(root) {
  const targets = await startTargets();
  const port = (await isFree(listenPort)) ? listenPort : 0;
  const moved = [...targets.ports].filter(([wanted, actual]) => wanted !== actual);
  const copy = moved.length === 0 ? undefined : copyWithPorts(root, moved);
  return {
    args: [
      `--config-file=${copy?.configFile ?? `${directory}/targetallocator.yaml`}`,
      `--listen-addr=${host}:${port === 0 ? await freePort() : port}`,
    ],
    close: async () => {
      await targets.close();
      copy?.remove();
    },
  };
}

/** The example with other ports, where the usual ones are taken. */
function copyWithPorts(root, moved) {
  const temporary = mkdtempSync(join(tmpdir(), 'target-allocator-example-'));
  const withPorts = (text) =>
    text.replace(/127\.0\.0\.1:(\d+)/g, (all, port) => {
      const found = moved.find(([wanted]) => wanted === Number(port));
      return found === undefined ? all : `${host}:${found[1]}`;
    });
  const config = readFileSync(join(root, directory, 'targetallocator.yaml'), 'utf8');
  const configFile = join(temporary, 'targetallocator.yaml');
  writeFileSync(
    configFile,
    withPorts(config).replaceAll(`${directory}/file-sd`, join(temporary, 'file-sd')),
  );
  const fileSd = readFileSync(join(root, directory, 'file-sd', 'targets.yaml'), 'utf8');
  mkdirSync(join(temporary, 'file-sd'));
  writeFileSync(join(temporary, 'file-sd', 'targets.yaml'), withPorts(fileSd));
  return { configFile, remove: () => rmSync(temporary, { recursive: true }) };
}

async function isFree(port) {
  return (await tryPort(port)) !== undefined;
}

async function freePort() {
  return (await tryPort(0)) ?? 0;
}

function tryPort(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, host, () => {
      const { port: actual } = server.address();
      server.close(() => resolve(actual));
    });
  });
}
