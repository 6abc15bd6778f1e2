// Little targets for the example: HTTP servers on 127.0.0.1 that answer /metrics, and an HTTP_SD endpoint that lists some
// of them. Runs by itself, too: node examples/standalone/targets.mjs

import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const host = '127.0.0.1';
const discoveryPort = 19100;
const targetPorts = [19101, 19102, 19103, 19104, 19105, 19106, 19107];
/** The ports that targetallocator.yaml names. */
export const examplePorts = [discoveryPort, ...targetPorts];

/**
 * Starts all servers, each on its port or, where that is taken, on a free one.
 *
 * @returns {Promise<{ ports: Map<number, number>, close: () => Promise<void> }>} the actual port of each wanted one
 */
export async function startTargets() {
  const ports = new Map();
  const servers = [];
  for (const port of targetPorts) {
    const server = createServer((request, response) => answerMetrics(request, response, port));
    ports.set(port, await listen(server, port));
    servers.push(server);
  }
  const discovery = createServer((request, response) => answerTargets(request, response, ports));
  ports.set(discoveryPort, await listen(discovery, discoveryPort));
  servers.push(discovery);
  return {
    ports,
    close: async () => {
      await Promise.all(servers.map(close));
    },
  };
}

function answerMetrics(request, response, port) {
  if (request.url !== '/metrics') return notFound(response);
  response.setHeader('Content-Type', 'text/plain; version=0.0.4');
  response.end(
    [
      '# HELP example_uptime_seconds How long this example target has been running.',
      '# TYPE example_uptime_seconds gauge',
      `example_uptime_seconds{target="${port}"} ${process.uptime().toFixed(3)}`,
      '',
    ].join('\n'),
  );
}

/** @see https://prometheus.io/docs/prometheus/latest/http_sd/ */
function answerTargets(request, response, ports) {
  if (request.url !== '/targets') return notFound(response);
  const address = (port) => `${host}:${ports.get(port)}`;
  response.setHeader('Content-Type', 'application/json');
  response.end(
    JSON.stringify([
      {
        targets: [address(19105), address(19106)],
        labels: { __meta_stage: 'production', __meta_zone: 'zone-a' },
      },
      { targets: [address(19107)], labels: { __meta_stage: 'test', __meta_zone: 'zone-b' } },
    ]),
  );
}

function notFound(response) {
  response.statusCode = 404;
  response.end('not found\n');
}

function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (error.code !== 'EADDRINUSE' || port === 0) reject(error);
      else resolve(listen(server, 0));
    });
    server.listen(port, host, () => resolve(server.address().port));
  });
}

function close(server) {
  return new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { ports } = await startTargets();
  for (const [wanted, actual] of ports) console.log(`${wanted}: http://${host}:${actual}`);
}
