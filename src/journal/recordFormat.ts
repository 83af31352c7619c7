import * as z from 'zod/mini';
import type { JournalRecord } from '../operations/journal/journalRecord';

const id = z.string().check(z.minLength(1), z.maxLength(1_000));
const text = z.string();
const time = z.number();
const counter = z.int().check(z.nonnegative());
const vmId = id;
const snapshotId = id;

const operation = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('take'),
    vmId,
    name: text,
    description: text,
    contents: z.enum(['disks', 'memory', 'quiesced']),
    quiesceTimeoutMinutes: z.optional(z.number()),
  }),
  z.object({ kind: z.literal('edit'), vmId, snapshotId, name: z.optional(text), description: z.optional(text) }),
  z.object({ kind: z.literal('restore'), vmId, snapshotId }),
  z.object({ kind: z.literal('restoreLatest'), vmId }),
  z.object({ kind: z.literal('delete'), vmId, snapshotId }),
  z.object({ kind: z.literal('deleteWithChildren'), vmId, snapshotId }),
  z.object({ kind: z.literal('deleteAll'), vmId }),
  z.object({ kind: z.literal('consolidate'), vmId }),
  z.object({ kind: z.literal('powerOn'), vmId }),
]);

const stateMark = z.object({
  ids: z.array(text),
  digest: text,
  powerState: z.enum(['on', 'off', 'suspended']),
  needsConsolidation: z.boolean(),
});

const base = { op: counter, atMs: time };

const record = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('requested'),
    ...base,
    bulk: z.optional(counter),
    server: z.object({ serverId: id, instanceId: z.optional(text), label: text }),
    vmName: text,
    snapshotName: z.optional(text),
    operation,
    userName: text,
    from: z.optional(text),
  }),
  z.object({
    kind: z.literal('sent'),
    ...base,
    knownTaskIds: z.array(id),
    before: stateMark,
    after: z.optional(stateMark),
  }),
  z.object({ kind: z.literal('task'), ...base, taskId: id }),
  z.object({
    kind: z.literal('ended'),
    ...base,
    state: z.enum(['succeeded', 'failed', 'cancelled', 'notSent']),
    error: z.optional(text),
  }),
]);

/** A record as a line of its own. */
export function formatRecord(value: JournalRecord): string {
  // JSON escapes line breaks within texts, so a line break always ends a record.
  return `${JSON.stringify(value)}\n`;
}

/**
 * Reads the lines of a journal. What is torn, because the machine failed while it was written, or is of a later version,
 * is left out.
 *
 * @returns the records, and how many lines were left out
 */
export function parseRecords(content: string): {
  readonly records: readonly JournalRecord[];
  readonly skipped: number;
} {
  const records: JournalRecord[] = [];
  let skipped = 0;
  for (const line of content.split('\n')) {
    if (line.trim() === '') {
      continue;
    }
    const parsed = record.safeParse(parseJson(line));
    if (parsed.success) {
      // Identities are opaque texts, which only the compiler tells apart.
      records.push(parsed.data as JournalRecord);
    } else {
      skipped++;
    }
  }
  return { records, skipped };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
