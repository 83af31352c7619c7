import type { ObjectId } from './ids';
import type { PowerState, SnapshotTree } from './snapshot';

/** The two ways of the vSphere Client to arrange one inventory. */
export type Layout = 'folders' | 'compute';

/**
 * Where an object hangs in each layout. A layout that is left out does not show the object at all; `null` is the top
 * level. The parent may be unreadable for this account and thus missing: the store then shows the object at top level.
 */
export type Placement = Readonly<Partial<Record<Layout, ObjectId | null>>>;

export type ContainerKind = 'datacenter' | 'folder' | 'cluster' | 'host' | 'resourcePool' | 'vApp';

/** Anything in the inventory that is not a VM. `host` is the machine that runs VMs, never a server that was added. */
export interface Container {
  readonly kind: ContainerKind;
  readonly id: ObjectId;
  /** Decoded, as the person typed it. */
  readonly name: string;
  readonly placement: Placement;
  /** True for objects that only hold the tree together and that the vSphere Client does not show either. */
  readonly structural: boolean;
  /** A host or cluster that needs attention: what it says in words. */
  readonly condition: 'maintenance' | 'disconnected' | 'notResponding' | undefined;
}

/**
 * Whether the server can reach the VM. Anything but `connected` means that its other facts may be old or missing and
 * that no operation is possible.
 */
export type Reachability = 'connected' | 'disconnected' | 'orphaned' | 'inaccessible' | 'invalid';

/** A VM as the list shows it. Facts that cost more are in VmDetail. */
export interface VirtualMachine {
  readonly kind: 'vm';
  readonly id: ObjectId;
  /** Decoded, as the person typed it. */
  readonly name: string;
  readonly placement: Placement;
  readonly powerState: PowerState;
  readonly reachability: Reachability;
  readonly isTemplate: boolean;
  /** Disks were left behind that belong to no snapshot. */
  readonly needsConsolidation: boolean;
  readonly hostId: ObjectId | undefined;
  /** Configured memory, unset when the server does not say. */
  readonly memoryBytes: number | undefined;
  /** Guest operating system as the server names it. */
  readonly guestName: string | undefined;
  /** The VM waits for somebody's answer; until then its tasks stand still. */
  readonly question: string | undefined;
  readonly snapshots: SnapshotTree;
}

export type InventoryObject = Container | VirtualMachine;
