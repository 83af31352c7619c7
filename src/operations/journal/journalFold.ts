import type { TaskId } from '../../hypervisor/model/ids';
import type { JournalRecord, OpenEntry, RequestedRecord, SentRecord } from './journalRecord';

interface Draft {
  readonly key: string;
  readonly requested: RequestedRecord;
  sent: SentRecord | undefined;
  taskId: TaskId | undefined;
}

/** The operations of which the journals tell no end, in the order in which they were asked for. */
export function unfinished(
  journals: readonly { readonly window: string; readonly records: readonly JournalRecord[] }[],
): OpenEntry[] {
  const open = new Map<string, Draft>();
  const over = new Set<string>();
  for (const { window, records } of journals) {
    for (const record of records) {
      const key = `${window}/${record.op}`;
      if (record.kind === 'requested') {
        // What starts a segment repeats what was open; it is the same operation.
        open.set(key, open.get(key) ?? { key, requested: record, sent: undefined, taskId: undefined });
        if (record.from !== undefined) {
          over.add(record.from);
        }
        continue;
      }
      const draft = open.get(key);
      if (draft === undefined) {
        // What was asked for stands in a segment that is lost.
        continue;
      }
      if (record.kind === 'sent') {
        draft.sent = record;
      } else if (record.kind === 'task') {
        draft.taskId = record.taskId;
      } else {
        over.add(key);
      }
    }
  }
  return [...open.values()].filter(({ key }) => !over.has(key)).sort((a, b) => a.requested.atMs - b.requested.atMs);
}
