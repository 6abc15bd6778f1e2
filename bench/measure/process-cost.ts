import { readFile } from 'node:fs/promises';

/** The unit of the times in /proc, in milliseconds: USER_HZ is 100 on every architecture that Node runs on. */
const tickMs = 10;

/** User and system time of all threads since the start, in milliseconds: fields 14 and 15 of proc_pid_stat(5). */
export async function cpuMsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
  // After the program's name in parentheses, which may itself hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

export function rssMiBOf(pid: number): Promise<number> {
  return memoryMiB(pid, /^VmRSS:\s+(\d+) kB/m);
}

/** The most that it has had so far. */
export function peakMiBOf(pid: number): Promise<number> {
  return memoryMiB(pid, /^VmHWM:\s+(\d+) kB/m);
}

async function memoryMiB(pid: number, line: RegExp): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Number(line.exec(status)?.[1]) / 1024;
}
