import { isCancelled, throwIfCancelled } from '../../common/cancellation';
import type { HypervisorConnection } from '../connection';
import type { ObjectId, SnapshotId } from '../model/ids';
import type { VirtualMachine } from '../model/inventory';
import { type ReportRow, type ReportRules, reportRows, type ReportServer } from './snapshotReport';
import type { VmReportFacts } from './vmReportFacts';

/** What of a server a report is about. */
export interface ReportScope {
  readonly connection: HypervisorConnection;
  readonly address: string;
  readonly vms: readonly {
    readonly vm: VirtualMachine;
    /** Which of its snapshots; all of them when unset. */
    readonly snapshotIds?: ReadonlySet<SnapshotId>;
  }[];
}

/** A server that stopped answering: its lines say only what the inventory knows. */
export interface ReportGap {
  readonly connection: HypervisorConnection;
  readonly vmCount: number;
  readonly error: unknown;
}

export interface Report {
  readonly rows: readonly ReportRow[];
  readonly gaps: readonly ReportGap[];
}

// About half a megabyte a call: progress that can be seen, and little that is read in vain when somebody gives up.
const batchSize = 100;

/**
 * Reads what a report needs of VMs that have snapshots, in batches, all servers at once, and makes its lines.
 *
 * @param onProgress - gets how many VMs have been read, of how many
 * @throws CancelledError when `signal` is aborted.
 */
export async function gatherReport(
  scopes: readonly ReportScope[],
  rules: ReportRules,
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<Report> {
  const wanted = scopes.map((scope) => ({
    ...scope,
    vms: scope.vms.filter(({ vm }) => vm.snapshots.roots.length > 0),
  }));
  const total = wanted.reduce((sum, { vms }) => sum + vms.length, 0);
  let done = 0;
  const parts = await Promise.all(
    wanted.map(async (scope) => {
      const { facts, gap } = await readFacts(
        scope,
        (count) => {
          done += count;
          onProgress(done, total);
        },
        signal,
      );
      const server = serverOf(scope);
      const rows = scope.vms.flatMap((each) =>
        reportRows({ connection: scope.connection, server, facts: facts.get(each.vm.id), ...each }, rules),
      );
      return { rows, gaps: gap === undefined ? [] : [gap] };
    }),
  );
  throwIfCancelled(signal);
  return { rows: parts.flatMap(({ rows }) => rows), gaps: parts.flatMap(({ gaps }) => gaps) };
}

async function readFacts(
  { connection, vms }: ReportScope,
  onRead: (count: number) => void,
  signal: AbortSignal | undefined,
): Promise<{ readonly facts: ReadonlyMap<ObjectId, VmReportFacts>; readonly gap: ReportGap | undefined }> {
  const facts = new Map<ObjectId, VmReportFacts>();
  for (let at = 0; at < vms.length; at += batchSize) {
    const batch = vms.slice(at, at + batchSize).map(({ vm }) => vm.id);
    try {
      throwIfCancelled(signal);
      for (const [id, each] of await connection.client().readReportFacts(batch, signal)) {
        facts.set(id, each);
      }
    } catch (error) {
      if (isCancelled(error)) {
        throw error;
      }
      return { facts, gap: { connection, vmCount: vms.length - at, error } };
    }
    onRead(batch.length);
  }
  return { facts, gap: undefined };
}

function serverOf({ connection, address }: ReportScope): ReportServer {
  return {
    label: connection.label,
    address,
    instanceId: connection.state.kind === 'live' ? connection.client().identity.instanceId : undefined,
  };
}
