import type { Meter } from '../../plugin-api/index.js';
import type { DigestGauge } from './digest-gauge.js';
import type { Replica, Role } from './replica.js';

const prefix = 'opentelemetry_allocator_';
const roles = ['starting', 'leading', 'following', 'apart'] as const satisfies readonly Role[];

/** Tells how the replicas agree. */
export function meterReplica(
  meter: Meter,
  digest: DigestGauge,
  replica: Replica | undefined,
): void {
  meter.observableGauge(
    {
      name: `${prefix}assignment_digest`,
      help: 'A digest of which collector has which target: equal in replicas that agree.',
    },
    (report) => {
      const value = digest.read();
      if (value !== undefined) report(value);
    },
  );
  if (replica !== undefined) meterElection(meter, replica);
}

function meterElection(meter: Meter, replica: Replica): void {
  const gauge = (name: string, help: string, read: () => number | undefined): void => {
    meter.observableGauge({ name: prefix + name, help }, (report) => {
      const value = read();
      if (value !== undefined) report(value);
    });
  };
  meter.observableGauge(
    {
      name: `${prefix}replica_role`,
      help: 'Which part this replica has in the decisions: 1 for its role.',
      labelNames: ['role'],
    },
    (report) => {
      for (const role of roles) report(replica.role === role ? 1 : 0, { role });
    },
  );
  gauge('leading', 'Whether this replica decides for all (1) or not (0).', () =>
    replica.isLeading ? 1 : 0,
  );
  gauge('lease_age_seconds', 'Time since the Lease was last seen to be renewed.', () =>
    seconds(replica.election?.observed?.ageMs),
  );
  gauge(
    'lease_transitions',
    'How often the Lease went over to another replica.',
    () => replica.election?.observed?.lease.transitions,
  );
  gauge('decisions_age_seconds', 'Time since the leading replica last answered.', () =>
    seconds(replica.decisionAgeMs),
  );
  gauge(
    'targets_undecided',
    'Number of targets that the leading replica says nothing of.',
    () => replica.undecided,
  );
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
