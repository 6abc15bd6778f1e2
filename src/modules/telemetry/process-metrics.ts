import { readFile } from 'node:fs/promises';

import { collectDefaultMetrics, Counter, Gauge, type Registry } from 'prom-client';

/** What Go reports for a limit that is none: 2^64 - 1, as a float. */
const unlimited = 2 ** 64;

/** The text of a file under /proc; `''` where there is none, as outside Linux. */
async function procText(path: string): Promise<string> {
  return readFile(`/proc/self/${path}`, 'utf8').catch(() => '');
}

/** The soft limit of a row of /proc/self/limits; `undefined` where it does not say. */
export function limitOf(limits: string, row: string): number | undefined {
  const line = limits.split('\n').find((text) => text.startsWith(row));
  const [soft] = line?.slice(row.length).trim().split(/\s+/) ?? [];
  if (soft === undefined || soft === '') return undefined;
  return soft === 'unlimited' ? unlimited : Number(soft);
}

/** A number of /proc/self/net/netstat, where a line of names stands above one of values; `undefined`: not there. */
export function netstatValue(netstat: string, table: string, name: string): number | undefined {
  const [names, values] = netstat
    .split('\n')
    .filter((line) => line.startsWith(`${table}: `))
    .map((line) => line.split(' '));
  const value = values?.[names?.indexOf(name) ?? -1];
  return value === undefined ? undefined : Number(value);
}

function trafficCounter(registry: Registry, name: string, help: string, column: string): void {
  const counter: Counter = new Counter({
    name,
    help,
    registers: [registry],
    collect: async () => {
      const octets = netstatValue(await procText('net/netstat'), 'IpExt', column);
      counter.reset();
      counter.inc(octets ?? 0);
    },
  });
}

/**
 * Metrics of the process and of Node.js. Those of the process have the names that Go's Prometheus client gives them.
 *
 * @see https://github.com/prometheus/client_golang/blob/v1.24.1/prometheus/process_collector.go
 */
export function registerProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  const maximum: Gauge = new Gauge({
    name: 'process_virtual_memory_max_bytes',
    help: 'Maximum amount of virtual memory available in bytes.',
    registers: [registry],
    collect: async () => {
      maximum.set(limitOf(await procText('limits'), 'Max address space') ?? unlimited);
    },
  });
  trafficCounter(
    registry,
    'process_network_receive_bytes_total',
    'Number of bytes received by the process over the network.',
    'InOctets',
  );
  trafficCounter(
    registry,
    'process_network_transmit_bytes_total',
    'Number of bytes sent by the process over the network.',
    'OutOctets',
  );
}
