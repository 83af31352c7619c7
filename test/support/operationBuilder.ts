import type { TrackedOperation } from '../../src/operations/trackedOperation';
import { objectId, snapshotId, testNowMs } from './domainBuilders';
import { connectionWith } from './rowFixtures';

/** An operation that has run for two minutes: the delete of 'x' on SQL01. */
export function tracked(facts: Partial<TrackedOperation> = {}): TrackedOperation {
  return {
    id: 1,
    groupId: undefined,
    connection: connectionWith(),
    operation: { kind: 'delete', vmId: objectId('vm-1'), snapshotId: snapshotId('x') },
    vmName: 'SQL01',
    snapshotName: 'x',
    state: 'running',
    taskId: undefined,
    progressPercent: undefined,
    phase: undefined,
    cancelable: false,
    outOfTouch: false,
    createdAtMs: testNowMs - 130_000,
    startedAtMs: testNowMs - 120_000,
    endedAtMs: undefined,
    error: undefined,
    snapshotId: undefined,
    ...facts,
  };
}
