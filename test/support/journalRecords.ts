import type { ServerId } from '../../src/hypervisor/model/ids';
import type { EndedRecord, RequestedRecord, SentRecord, TaskRecord } from '../../src/operations/journal/journalRecord';
import { objectId, snapshotId, taskId, testNowMs } from './domainBuilders';

// Lines of a journal: a test states what it is about, everything else is valid and dull.

export function requestedRecord(op: number, facts: Partial<RequestedRecord> = {}): RequestedRecord {
  return {
    kind: 'requested',
    op,
    atMs: testNowMs + op,
    server: { serverId: 'server-1' as ServerId, instanceId: 'i', label: 'vc-paris' },
    vmName: `VM${op}`,
    operation: { kind: 'deleteAll', vmId: objectId(`vm-${op}`) },
    userName: 'jdoe',
    ...facts,
  };
}

export function sentRecord(op: number, facts: Partial<SentRecord> = {}): SentRecord {
  const mark = { ids: [snapshotId('a')], digest: 'before', powerState: 'on', needsConsolidation: false } as const;
  return {
    kind: 'sent',
    op,
    atMs: testNowMs + op,
    knownTaskIds: [taskId('older')],
    before: mark,
    after: { ...mark, ids: [], digest: 'after' },
    ...facts,
  };
}

export function taskRecord(op: number, id: string): TaskRecord {
  return { kind: 'task', op, atMs: testNowMs + op, taskId: taskId(id) };
}

export function endedRecord(op: number): EndedRecord {
  return { kind: 'ended', op, atMs: testNowMs + op, state: 'succeeded' };
}
