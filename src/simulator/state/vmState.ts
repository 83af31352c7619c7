import type { ManagedObjectReference } from '../../vsphere/vim/schema';

// The state of one VM as plain immutable data. Everything that a property collector serves is computed from it, and every
// operation is a pure function from one state to the next: see the other files of this folder.

export type PowerState = 'poweredOn' | 'poweredOff' | 'suspended';
export type ConnectionState = 'connected' | 'disconnected' | 'orphaned' | 'inaccessible' | 'invalid';
export type DiskMode = 'persistent' | 'independent_persistent' | 'independent_nonpersistent';

export interface DiskState {
  /** Device key, 2000 and up: identity of the disk within its VM. */
  readonly key: number;
  readonly label: string;
  readonly controllerKey: number;
  readonly unitNumber: number;
  readonly capacityBytes: number;
  readonly mode: DiskMode;
  /** Raw disks are LUNs mapped into the VM; only in virtual mode can they have snapshots. */
  readonly kind: 'flat' | 'rawPhysical' | 'rawVirtual';
  readonly thin: boolean;
  readonly isShared: boolean;
  readonly uuid: string;
}

export interface ControllerState {
  readonly key: number;
  readonly label: string;
  readonly busNumber: number;
  readonly model: 'ParaVirtualSCSIController' | 'VirtualLsiLogicController' | 'VirtualLsiLogicSASController';
  readonly sharedBus: 'noSharing' | 'virtualSharing' | 'physicalSharing';
}

export interface NicState {
  readonly key: number;
  readonly label: string;
  readonly network: ManagedObjectReference;
  readonly networkName: string;
  readonly macAddress: string;
}

export interface PassthroughState {
  readonly key: number;
  readonly label: string;
  readonly deviceName: string;
}

/** What a snapshot captures beside disks and memory, and what a restore brings back. */
export interface VmConfig {
  readonly cpus: number;
  readonly coresPerSocket: number;
  readonly memoryMb: number;
  readonly guestId: string;
  readonly guestName: string;
  /** `vmx-19` and the like. */
  readonly hardwareVersion: string;
  readonly annotation: string;
  readonly controllers: readonly ControllerState[];
  readonly disks: readonly DiskState[];
  readonly nics: readonly NicState[];
  readonly passthrough: readonly PassthroughState[];
  readonly extraConfig: ReadonlyMap<string, string>;
  readonly changeTracking: boolean;
  readonly snapshotsDisabled: boolean;
  readonly snapshotsLocked: boolean;
}

/** One link of a disk's chain: the base, or the changes since some moment. */
export interface DiskFile {
  /** Identity within the VM; also the key of its descriptor in `layoutEx`. */
  readonly key: number;
  /** `[datastore] folder/name.vmdk` */
  readonly name: string;
  readonly datastore: ManagedObjectReference;
  readonly diskKey: number;
  /** Unset for a base. */
  readonly parentKey: number | undefined;
  /** As of {@link VmState.accountedAtMs}. */
  readonly sizeBytes: number;
}

export interface DataFile {
  readonly key: number;
  readonly name: string;
  readonly sizeBytes: number;
}

export interface SnapshotState {
  /** Value of its managed object reference. */
  readonly id: string;
  /** Unique within the VM, never used again. */
  readonly number: number;
  /** As the person meant it: without the escapes of {@link escapeName}. */
  readonly name: string;
  readonly description: string;
  readonly createdAtMs: number;
  /** What a restore leaves: `poweredOn` only when memory was captured. */
  readonly power: PowerState;
  readonly quiesced: boolean;
  readonly parentId: string | undefined;
  readonly backupManifest: string | undefined;
  readonly config: VmConfig;
  /** For each disk that it holds, the file that was written to until then. */
  readonly disks: ReadonlyMap<number, number>;
  readonly dataFile: DataFile;
  readonly memoryFile: DataFile | undefined;
}

export interface Question {
  readonly id: string;
  readonly text: string;
  readonly choices: readonly { readonly key: string; readonly label: string }[];
  readonly defaultIndex: number;
}

/** VMware Tools in the guest: not installed, installed but not working, or working whenever the VM runs. */
export type Tools = 'missing' | 'broken' | 'healthy';

/** A method that another product has switched off for this VM. */
export interface DisabledMethod {
  readonly method: string;
  readonly source: string;
}

/** Things that go wrong when disks are worked on; set from outside, for as long as they last. */
export interface DiskTrouble {
  /** A file in use by somebody else, such as a backup proxy: nothing can be merged. */
  readonly lockedFile: string | undefined;
  /** The guest cannot be frozen. */
  readonly quiesceFails: 'filesystem' | 'application' | undefined;
}

export interface VmState {
  readonly name: string;
  readonly parent: ManagedObjectReference | undefined;
  readonly parentVApp: ManagedObjectReference | undefined;
  readonly resourcePool: ManagedObjectReference | undefined;
  readonly host: ManagedObjectReference | undefined;
  /** Where its configuration lives. */
  readonly home: {
    readonly datastore: ManagedObjectReference;
    readonly datastoreName: string;
    readonly folder: string;
  };
  readonly uuid: string;
  readonly instanceUuid: string;
  readonly createdAtMs: number;
  readonly isTemplate: boolean;
  readonly power: PowerState;
  readonly bootedAtMs: number | undefined;
  readonly suspendedAtMs: number | undefined;
  readonly connection: ConnectionState;
  readonly tools: Tools;
  readonly hostName: string | undefined;
  readonly ipAddress: string | undefined;
  readonly faultTolerance: boolean;
  readonly managedBy: { readonly extensionKey: string; readonly type: string } | undefined;
  readonly question: Question | undefined;
  readonly disabledMethods: readonly DisabledMethod[];
  readonly trouble: DiskTrouble;
  readonly diskOnlySnapshotWhenSuspended: boolean;
  readonly config: VmConfig;
  /** Counts changes of the configuration. */
  readonly changeVersion: number;
  readonly configModifiedAtMs: number;
  readonly snapshots: readonly SnapshotState[];
  /** The parent of the present state. */
  readonly currentId: string | undefined;
  readonly files: readonly DiskFile[];
  /** For each disk, the file that it writes to. */
  readonly leaves: ReadonlyMap<number, number>;
  /** What vSphere reports, decided at the end of each operation: see {@link hasLeftovers}. */
  readonly consolidationNeeded: boolean;
  /** How fast the disks change while the VM runs; what makes deltas grow. */
  readonly changeBytesPerHour: number;
  /** Up to when growth is in the sizes of {@link files}. */
  readonly accountedAtMs: number;
  /** When the figures of `layoutEx` and `storage` were last read from the datastores. */
  readonly measuredAtMs: number;
  readonly nextSnapshotNumber: number;
  readonly nextFileKey: number;
  readonly nextDeltaNumber: number;
}

export function toolsRunning(vm: Pick<VmState, 'tools' | 'power'>): boolean {
  return vm.tools === 'healthy' && vm.power === 'poweredOn';
}

export const bytesPerMb = 1_048_576;
export const bytesPerGb = 1_073_741_824;
export const millisecondsPerHour = 3_600_000;
