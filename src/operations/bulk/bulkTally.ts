import type { TrackedOperation } from '../trackedOperation';

/** How a VM of a group stands: by the operation of it that matters most. */
export type VmStanding = 'running' | 'waiting' | 'done' | 'failed' | 'unknown' | 'notStarted' | 'stopped';

/** How many VMs of a group stand how. */
export type BulkTally = Readonly<Record<VmStanding, number>> & { readonly total: number };

const byWeight: readonly VmStanding[] = ['running', 'unknown', 'failed', 'stopped', 'waiting', 'notStarted', 'done'];

/** Counts VMs, not operations: one with a delete that failed is not done, however many went well. */
export function tallyOf(operations: readonly TrackedOperation[]): BulkTally {
  const vms = new Map<string, VmStanding>();
  for (const operation of operations) {
    const key = `${operation.connection.id}/${operation.operation.vmId}`;
    const standing = standingOf(operation);
    const known = vms.get(key);
    if (known === undefined || byWeight.indexOf(standing) < byWeight.indexOf(known)) {
      vms.set(key, standing);
    }
  }
  const tally = { running: 0, waiting: 0, done: 0, failed: 0, unknown: 0, notStarted: 0, stopped: 0, total: vms.size };
  for (const standing of vms.values()) {
    tally[standing]++;
  }
  return tally;
}

function standingOf({ state, startedAtMs }: TrackedOperation): VmStanding {
  switch (state) {
    case 'waiting':
      return 'waiting';
    case 'sending':
    case 'running':
      return 'running';
    case 'succeeded':
      return 'done';
    case 'failed':
      return 'failed';
    case 'unknown':
      return 'unknown';
    case 'cancelled':
      return startedAtMs === undefined ? 'notStarted' : 'stopped';
  }
}
