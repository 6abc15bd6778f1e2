import { hostname, networkInterfaces } from 'node:os';
import type { Environment } from '../config/index.js';

/** Where this replica runs. */
export interface ReplicaSurroundings {
  /** The pod's name, or what the machine is called. */
  readonly name: string;
  /** Its namespace, where it is told. */
  readonly namespace: string | undefined;
  /** The address at which other replicas reach it, where it is told. */
  readonly address: string | undefined;
}

/** What the downward API of Kubernetes puts into the environment. */
export function readSurroundings(env: Environment): ReplicaSurroundings {
  return {
    name: filled(env['POD_NAME']) ?? hostname(),
    namespace: filled(env['POD_NAMESPACE']),
    address: filled(env['POD_IP']),
  };
}

/** An address of this machine that others can reach, as far as can be seen from here. */
export function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const reachable = addresses.filter(
    ({ internal, address }) => !internal && !/^fe80:/i.test(address),
  );
  const best = reachable.find(({ family }) => family === 'IPv4') ?? reachable[0];
  return best?.address ?? '127.0.0.1';
}

function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
