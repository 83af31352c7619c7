import { millisecondsPerDay } from '../../common/text';
import type { HypervisorConnection } from '../connection';
import type { ObjectId, SnapshotId } from '../model/ids';
import type { VirtualMachine } from '../model/inventory';
import type { PowerState, Snapshot } from '../model/snapshot';
import { allSnapshots, pathTo } from '../model/snapshotTree';
import type { VmReportFacts } from './vmReportFacts';

/** The server that a line is about. */
export interface ReportServer {
  readonly label: string;
  /** As a person writes it: `vc-paris.corp`. */
  readonly address: string;
  /** Identity of the installation, where it has one. */
  readonly instanceId: string | undefined;
}

/** One snapshot, with all that a report says of it. What is undefined is not known. */
export interface ReportRow {
  readonly server: ReportServer;
  readonly vmName: string;
  readonly powerState: PowerState;
  readonly snapshotName: string;
  readonly description: string;
  readonly createdAtMs: number;
  readonly file: string | undefined;
  readonly fileBytes: number | undefined;
  /** Disk changes and memory, without what has changed since the snapshot. */
  readonly sizeBytes: number | undefined;
  readonly quiesced: boolean;
  /** Of what the snapshot holds. */
  readonly snapshotPowerState: PowerState;
  readonly annotation: string | undefined;
  readonly datacenter: string | undefined;
  readonly cluster: string | undefined;
  readonly host: string | undefined;
  /** Folders below the datacenter, outermost first. */
  readonly folders: readonly string[];
  readonly configuredGuest: string | undefined;
  readonly runningGuest: string | undefined;
  readonly vmId: string;
  readonly vmUuid: string | undefined;
  readonly creator: string | undefined;
  readonly ageDays: number;
  /** Snapshots from the root down to this one. */
  readonly chainDepth: number;
  readonly isCurrent: boolean;
  readonly hasMemory: boolean;
  /** For the current snapshot: what has changed since, and grows. */
  readonly growthBytes: number | undefined;
  readonly needsConsolidation: boolean;
  readonly snapshotId: string;
}

/** What a line is made from. */
export interface ReportSource {
  readonly connection: HypervisorConnection;
  readonly server: ReportServer;
  readonly vm: VirtualMachine;
  /** Undefined when it could not be read: then the line says what the inventory knows. */
  readonly facts: VmReportFacts | undefined;
  /** Which of the snapshots; all of them when unset. */
  readonly snapshotIds?: ReadonlySet<SnapshotId>;
}

export interface ReportRules {
  readonly nowMs: number;
  /** Who took a snapshot, where its description says so. */
  readonly creatorIn: (description: string) => string | undefined;
}

// Deeper than any real inventory; a server that nests in a circle does not get to hang us.
const maxClimb = 1_000;

/** The lines of a VM, parents before their children. */
export function reportRows(source: ReportSource, rules: ReportRules): ReportRow[] {
  const { vm, snapshotIds } = source;
  return allSnapshots(vm.snapshots)
    .filter(({ id }) => snapshotIds?.has(id) !== false)
    .map((snapshot) => toRow(source, snapshot, rules));
}

function toRow(
  { connection, server, vm, facts }: ReportSource,
  snapshot: Snapshot,
  { nowMs, creatorIn }: ReportRules,
): ReportRow {
  const size = facts?.sizes?.bySnapshot.get(snapshot.id);
  const file = facts?.files.get(snapshot.id);
  const isCurrent = vm.snapshots.currentId === snapshot.id;
  return {
    server,
    vmName: vm.name,
    powerState: vm.powerState,
    snapshotName: snapshot.name,
    description: snapshot.description,
    createdAtMs: snapshot.createdAtMs,
    file: file?.path,
    fileBytes: file?.bytes,
    sizeBytes: size && size.diskBytes + size.memoryBytes,
    quiesced: snapshot.quiesced,
    snapshotPowerState: snapshot.powerState,
    annotation: facts?.annotation,
    ...placeOf(connection, vm),
    configuredGuest: vm.guestName,
    runningGuest: facts?.runningGuestName,
    vmId: facts?.serverId ?? vm.id,
    vmUuid: facts?.uuid,
    creator: creatorIn(snapshot.description),
    ageDays: Math.max(0, Math.floor((nowMs - snapshot.createdAtMs) / millisecondsPerDay)),
    chainDepth: pathTo(vm.snapshots, snapshot.id).length,
    isCurrent,
    hasMemory: snapshot.hasMemory,
    growthBytes: isCurrent ? size?.liveBytes : undefined,
    needsConsolidation: vm.needsConsolidation,
    snapshotId: facts?.serverSnapshotIds.get(snapshot.id) ?? snapshot.id,
  };
}

function placeOf(
  { inventory }: HypervisorConnection,
  vm: VirtualMachine,
): Pick<ReportRow, 'datacenter' | 'cluster' | 'host' | 'folders'> {
  const host = vm.hostId === undefined ? undefined : inventory.get(vm.hostId);
  const aboveHost = vm.hostId === undefined ? undefined : inventory.parent('compute', vm.hostId);
  const cluster = aboveHost === undefined ? undefined : inventory.get(aboveHost);
  const folders: string[] = [];
  let datacenter: string | undefined;
  let at: ObjectId | undefined = inventory.parent('folders', vm.id);
  for (let i = 0; i < maxClimb && at !== undefined && datacenter === undefined; i++) {
    const object = inventory.get(at);
    if (object?.kind === 'datacenter') {
      datacenter = object.name;
    } else {
      folders.unshift(object?.name ?? '');
    }
    at = inventory.parent('folders', at);
  }
  return { datacenter, cluster: cluster?.kind === 'cluster' ? cluster.name : undefined, host: host?.name, folders };
}
