import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import { firstFileKey } from '../projection/vmLayout';
import { type Random, randomUuid } from '../random/random';
import {
  bytesPerGb,
  type ConnectionState,
  type ControllerState,
  type DisabledMethod,
  type DiskFile,
  type DiskMode,
  type DiskState,
  type DiskTrouble,
  type PowerState,
  type Question,
  type Tools,
  type VmConfig,
  type VmState,
} from '../state/vmState';
import type { SnapshotSpec } from './snapshotHistory';

export interface DiskSpec {
  readonly capacityGb: number;
  /** What the base holds; default: two fifths of a thin disk. */
  readonly usedGb?: number;
  /** Default: true. A thick disk takes its whole capacity at once. */
  readonly thin?: boolean;
  /** Default: persistent. */
  readonly mode?: DiskMode;
  /** Default: flat. */
  readonly kind?: DiskState['kind'];
  readonly isShared?: boolean;
  /** Default: the VM's own. */
  readonly datastore?: ManagedObjectReference;
}

/** What a VM is to be. Everything but the name has a sensible default. */
export interface VmSpec {
  readonly name: string;
  readonly power?: PowerState;
  readonly connection?: ConnectionState;
  readonly isTemplate?: boolean;
  readonly cpus?: number;
  readonly memoryMb?: number;
  readonly guest?: keyof typeof guests;
  readonly annotation?: string;
  readonly tools?: Tools;
  readonly hostName?: string;
  readonly ipAddress?: string;
  readonly disks?: readonly DiskSpec[];
  readonly sharedBus?: ControllerState['sharedBus'];
  readonly passthrough?: readonly string[];
  readonly extraConfig?: Readonly<Record<string, string>>;
  readonly faultTolerance?: boolean;
  readonly changeTracking?: boolean;
  readonly snapshotsDisabled?: boolean;
  readonly snapshotsLocked?: boolean;
  readonly diskOnlySnapshotWhenSuspended?: boolean;
  readonly managedBy?: { readonly extensionKey: string; readonly type: string };
  readonly question?: Question;
  readonly disabledMethods?: readonly DisabledMethod[];
  readonly trouble?: Partial<DiskTrouble>;
  /** How much its disks change in an hour of running; default: 0.02 GB. */
  readonly changeGbPerHour?: number;
  /** Age of the VM; default: 400. */
  readonly ageDays?: number;
  readonly bootedHoursAgo?: number;
  readonly snapshots?: readonly SnapshotSpec[];
  /** Written since the current snapshot. */
  readonly writtenGbSince?: number;
  /** No snapshot is the current one, although there are some. */
  readonly hasNoCurrent?: boolean;
  /** So many disk files that belong to no snapshot, as after deletes that could not merge. */
  readonly leftoverLinks?: number;
  /** What each of them holds; default: 1. */
  readonly leftoverGb?: number;
}

/** Guest operating systems by a short name. */
export const guests = {
  windows2016: ['windows9Server64Guest', 'Microsoft Windows Server 2016 (64-bit)'],
  windows2019: ['windows2019srv_64Guest', 'Microsoft Windows Server 2019 (64-bit)'],
  windows2022: ['windows2019srvNext_64Guest', 'Microsoft Windows Server 2022 (64-bit)'],
  windows11: ['windows11_64Guest', 'Microsoft Windows 11 (64-bit)'],
  rhel8: ['rhel8_64Guest', 'Red Hat Enterprise Linux 8 (64-bit)'],
  ubuntu: ['ubuntu64Guest', 'Ubuntu Linux (64-bit)'],
  debian12: ['debian12_64Guest', 'Debian GNU/Linux 12 (64-bit)'],
  photon: ['vmwarePhoton64Guest', 'VMware Photon OS (64-bit)'],
  freebsd: ['freebsd13_64Guest', 'FreeBSD 13 or later versions (64-bit)'],
} as const;

/** Where a VM is put. */
export interface VmPlace {
  readonly parent: ManagedObjectReference | undefined;
  readonly parentVApp: ManagedObjectReference | undefined;
  readonly resourcePool: ManagedObjectReference | undefined;
  readonly host: ManagedObjectReference;
  readonly datastore: { readonly ref: ManagedObjectReference; readonly name: string };
  /** Folder on the datastore. */
  readonly folder: string;
  readonly network: { readonly ref: ManagedObjectReference; readonly name: string } | undefined;
  /** For the MAC address. */
  readonly number: number;
}

const millisecondsPerDay = 86_400_000;
const millisecondsPerHour = 3_600_000;
const scsiKey = 1_000;
const firstDiskKey = 2_000;
const nicKey = 4_000;
const passthroughKey = 13_000;

// Shared by all VMs for which nothing else is said: an inventory of tens of thousands is then built in half the time.
const noTrouble: DiskTrouble = { lockedFile: undefined, quiesceFails: undefined };
const noExtraConfig: ReadonlyMap<string, string> = new Map();
const usualControllers: VmConfig['controllers'] = [scsiController('noSharing')];

/** The VM as it was before any snapshot. */
export function bareVm(spec: VmSpec, place: VmPlace, nowMs: number, random: Random): VmState {
  const disks = spec.disks ?? [{ capacityGb: 40 }];
  const files: DiskFile[] = [];
  const leaves = new Map<number, number>();
  const createdAtMs = nowMs - (spec.ageDays ?? 400) * millisecondsPerDay;
  const states = disks.map((disk, index): DiskState => {
    const key = firstDiskKey + index;
    const fileKey = firstFileKey + index * 2;
    files.push(baseFile(disk, place, index, key, fileKey));
    leaves.set(key, fileKey);
    return diskState(disk, key, index, random);
  });
  const power = spec.power ?? 'poweredOn';
  return {
    name: spec.name,
    parent: place.parent,
    parentVApp: place.parentVApp,
    resourcePool: place.resourcePool,
    host: place.host,
    home: { datastore: place.datastore.ref, datastoreName: place.datastore.name, folder: place.folder },
    uuid: `42${randomUuid(random).slice(2)}`,
    instanceUuid: `50${randomUuid(random).slice(2)}`,
    createdAtMs,
    isTemplate: spec.isTemplate ?? false,
    power,
    bootedAtMs: power === 'poweredOn' ? nowMs - (spec.bootedHoursAgo ?? 500) * millisecondsPerHour : undefined,
    suspendedAtMs: power === 'suspended' ? nowMs - 20 * millisecondsPerHour : undefined,
    connection: spec.connection ?? 'connected',
    tools: spec.tools ?? 'healthy',
    hostName: spec.hostName ?? undefined,
    ipAddress: spec.ipAddress ?? undefined,
    faultTolerance: spec.faultTolerance ?? false,
    managedBy: spec.managedBy,
    question: spec.question,
    disabledMethods: spec.disabledMethods ?? [],
    trouble: spec.trouble === undefined ? noTrouble : { ...noTrouble, ...spec.trouble },
    diskOnlySnapshotWhenSuspended: spec.diskOnlySnapshotWhenSuspended ?? true,
    config: configOf(spec, place, states),
    changeVersion: 1,
    configModifiedAtMs: createdAtMs,
    snapshots: [],
    currentId: undefined,
    files,
    leaves,
    consolidationNeeded: false,
    changeBytesPerHour: (spec.changeGbPerHour ?? 0.02) * bytesPerGb,
    accountedAtMs: nowMs,
    measuredAtMs: nowMs,
    nextSnapshotNumber: 1,
    nextFileKey: firstFileKey + disks.length * 2,
    nextDeltaNumber: 1,
  };
}

function baseFile(disk: DiskSpec, place: VmPlace, index: number, diskKey: number, key: number): DiskFile {
  const suffix = index === 0 ? '' : `_${index}`;
  const isRaw = disk.kind !== undefined && disk.kind !== 'flat';
  const usedGb = disk.thin === false ? disk.capacityGb : (disk.usedGb ?? disk.capacityGb * 0.4);
  return {
    key,
    name: `[${place.datastore.name}] ${place.folder}/${place.folder}${suffix}${isRaw ? '-rdm' : ''}.vmdk`,
    datastore: disk.datastore ?? place.datastore.ref,
    diskKey,
    parentKey: undefined,
    // A raw disk's data is on its LUN.
    sizeBytes: isRaw ? 0 : Math.round(usedGb * bytesPerGb),
  };
}

function diskState(disk: DiskSpec, key: number, index: number, random: Random): DiskState {
  return {
    key,
    label: `Hard disk ${index + 1}`,
    controllerKey: scsiKey,
    // Unit 7 is the controller itself.
    unitNumber: index < 7 ? index : index + 1,
    capacityBytes: Math.round(disk.capacityGb * bytesPerGb),
    mode: disk.mode ?? 'persistent',
    kind: disk.kind ?? 'flat',
    thin: disk.thin ?? true,
    isShared: disk.isShared ?? false,
    uuid: `6000C29${randomUuid(random).slice(7)}`,
  };
}

function scsiController(sharedBus: ControllerState['sharedBus']): ControllerState {
  return {
    key: scsiKey,
    label: 'SCSI controller 0',
    busNumber: 0,
    model: 'ParaVirtualSCSIController',
    sharedBus,
  };
}

function configOf(spec: VmSpec, place: VmPlace, disks: readonly DiskState[]): VmConfig {
  const [guestId, guestName] = guests[spec.guest ?? 'ubuntu'];
  const mac = place.number.toString(16).padStart(6, '0');
  return {
    cpus: spec.cpus ?? 2,
    coresPerSocket: 1,
    memoryMb: spec.memoryMb ?? 4_096,
    guestId,
    guestName,
    hardwareVersion: 'vmx-19',
    annotation: spec.annotation ?? '',
    controllers: spec.sharedBus === undefined ? usualControllers : [scsiController(spec.sharedBus)],
    disks,
    nics:
      place.network === undefined
        ? []
        : [
            {
              key: nicKey,
              label: 'Network adapter 1',
              network: place.network.ref,
              networkName: place.network.name,
              macAddress: `00:50:56:${mac.slice(0, 2)}:${mac.slice(2, 4)}:${mac.slice(4, 6)}`,
            },
          ],
    passthrough: (spec.passthrough ?? []).map((deviceName, index) => ({
      key: passthroughKey + index,
      label: `PCI device ${index}`,
      deviceName,
    })),
    extraConfig: spec.extraConfig === undefined ? noExtraConfig : new Map(Object.entries(spec.extraConfig)),
    changeTracking: spec.changeTracking ?? false,
    snapshotsDisabled: spec.snapshotsDisabled ?? false,
    snapshotsLocked: spec.snapshotsLocked ?? false,
  };
}
