import { readFileSync } from 'node:fs';

import { collectDefaultMetrics, Counter, Gauge, type Registry } from 'prom-client';

import { NEVER_MS, registerEventLoopLag } from './event-loop-lag.js';

/** What Go reports for a limit that is none: 2^64 - 1, as a float. */
const unlimited = 2 ** 64;

/**
 * The text of a file under /proc; `''` where there is none, as outside Linux. Read at once: there is no disk to wait for, and
 * the four ways to Node's threads and back of an asynchronous read cost ten times as much.
 */
function procText(path: string): string {
  try {
    return readFileSync(`/proc/self/${path}`, 'utf8');
  } catch {
    return '';
  }
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

/** Bytes received and sent, from one reading for both. */
function registerTraffic(registry: Registry): void {
  const received: Counter = new Counter({
    name: 'process_network_receive_bytes_total',
    help: 'Number of bytes received by the process over the network.',
    registers: [registry],
    // Sets both: metrics are collected in the order in which they were made.
    collect: () => {
      const netstat = procText('net/netstat');
      for (const [counter, column] of [
        [received, 'InOctets'],
        [sent, 'OutOctets'],
      ] as const) {
        counter.reset();
        counter.inc(netstatValue(netstat, 'IpExt', column) ?? 0);
      }
    },
  });
  const sent = new Counter({
    name: 'process_network_transmit_bytes_total',
    help: 'Number of bytes sent by the process over the network.',
    registers: [registry],
  });
}

/**
 * Metrics of the process and of Node.js. Those of the process have the names that Go's Prometheus client gives them.
 *
 * @see https://github.com/prometheus/client_golang/blob/v1.24.1/prometheus/process_collector.go
 */
export function registerProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: NEVER_MS });
  registerEventLoopLag(registry);
  // Read once, as prom-client does with that of files.
  new Gauge({
    name: 'process_virtual_memory_max_bytes',
    help: 'Maximum amount of virtual memory available in bytes.',
    registers: [registry],
  }).set(limitOf(procText('limits'), 'Max address space') ?? unlimited);
  registerTraffic(registry);
}
