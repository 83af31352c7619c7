import { VirtualDisk } from '../../vsphere/vim/device';
import type { VirtualDeviceConfigSpec } from '../../vsphere/vim/lifecycle';
import { typed } from '../../vsphere/vim/schema';
import { growLeaf, isSnapshotable } from '../state/diskChain';
import { consolidate } from '../state/leftovers';
import { reconfigure } from '../state/reconfigure';
import { forgetSnapshots, forkForSnapshot, revertToSnapshot, settled, takeSnapshot } from '../state/snapshotOperations';
import { bytesPerGb, type PowerState, type VmState } from '../state/vmState';

/** A snapshot with those below it. */
export interface SnapshotSpec {
  readonly name: string;
  readonly description?: string;
  /** Default: a day younger than its parent, thirty for a root. */
  readonly ageDays?: number;
  /** What the VM was when it was taken; `poweredOn` means that memory was captured. Default: poweredOff. */
  readonly state?: PowerState;
  readonly quiesced?: boolean;
  /** Written since its parent, or since the VM was made; what the snapshot froze. Default: 1. */
  readonly writtenGb?: number;
  /** What the VM was given after its parent was taken and before it was. */
  readonly upgrade?: Upgrade;
  readonly backupManifest?: string;
  readonly children?: readonly SnapshotSpec[];
  /** The present state hangs on it. Default: on the one that was taken last. */
  readonly isCurrent?: boolean;
}

/** A change of a VM's hardware. */
export interface Upgrade {
  readonly cpus?: number;
  readonly memoryMb?: number;
  /** Size of one more disk. */
  readonly diskGb?: number;
}

const millisecondsPerDay = 86_400_000;
const kilobytesPerGb = 1_048_576;
const rootAgeDays = 30;
const defaultWrittenGb = 1;

interface Planned {
  readonly spec: SnapshotSpec;
  readonly parent: Planned | undefined;
  readonly atMs: number;
  id: string | undefined;
}

/** A name that no snapshot keeps: what several roots hang on until it is deleted, as it happens on real servers. */
const formerRoot = 'former root';

/**
 * Gives a VM a past: takes the snapshots one after the other, at the times when they were taken, with the same rules
 * that operations follow. So the files fit the tree whatever the tree is.
 *
 * @param nextId - makes the id of a snapshot from its number
 * @param currentIsUnset - leaves no snapshot current, as after a backup that failed
 */
export function withHistory(
  bare: VmState,
  roots: readonly SnapshotSpec[],
  nextId: (number: number) => string,
  nowMs: number,
  currentIsUnset = false,
): VmState {
  const planned = plan(roots, nowMs);
  // What grows, grows by the specification until now, and by itself from now on.
  let vm: VmState = { ...bare, changeBytesPerHour: 0, accountedAtMs: 0 };
  const former = roots.length > 1 ? 'former' : undefined;
  if (former !== undefined) {
    vm = takeSnapshot({ ...vm, power: 'poweredOff' }, emptyRequest(formerRoot), former, planned[0]?.atMs ?? nowMs);
    vm = { ...vm, nextSnapshotNumber: 1 };
  }
  for (const each of planned) {
    const parentId = each.parent?.id ?? former;
    if (parentId !== undefined && vm.currentId !== parentId) {
      vm = revertToSnapshot({ ...vm, power: 'poweredOff' }, parentId, false, each.atMs);
    }
    vm = take(vm, each, nextId(vm.nextSnapshotNumber));
  }
  const current = planned.find(({ spec }) => spec.isCurrent === true);
  if (current?.id !== undefined && vm.currentId !== current.id) {
    vm = revertToSnapshot(vm, current.id, false, nowMs);
  }
  if (former !== undefined) {
    vm = consolidate(forgetSnapshots(vm, new Set([former]), nowMs)).vm;
  }
  return {
    ...settled(vm),
    currentId: currentIsUnset ? undefined : vm.currentId,
    power: bare.power,
    bootedAtMs: bare.bootedAtMs,
    suspendedAtMs: bare.suspendedAtMs,
    changeVersion: bare.changeVersion,
    configModifiedAtMs: bare.configModifiedAtMs,
    changeBytesPerHour: bare.changeBytesPerHour,
    accountedAtMs: nowMs,
    measuredAtMs: nowMs,
  };
}

function emptyRequest(name: string) {
  return { name, description: '', memory: false, quiesce: false };
}

function plan(roots: readonly SnapshotSpec[], nowMs: number): Planned[] {
  const planned: Planned[] = [];
  const pending = roots.map((spec): [SnapshotSpec, Planned | undefined] => [spec, undefined]).reverse();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [spec, parent] = next;
    const defaultMs =
      parent === undefined ? nowMs - rootAgeDays * millisecondsPerDay : parent.atMs + millisecondsPerDay;
    const atMs = spec.ageDays === undefined ? Math.min(defaultMs, nowMs) : nowMs - spec.ageDays * millisecondsPerDay;
    if (parent !== undefined && atMs < parent.atMs) {
      throw new Error(`snapshot "${spec.name}" is older than its parent "${parent.spec.name}"`);
    }
    const each: Planned = { spec, parent, atMs, id: undefined };
    planned.push(each);
    pending.push(...(spec.children ?? []).map((child): [SnapshotSpec, Planned] => [child, each]).reverse());
  }
  // Stable: of equal times, parents stay before their children.
  return planned.sort((a, b) => a.atMs - b.atMs);
}

function take(before: VmState, planned: Planned, id: string): VmState {
  const { spec, atMs } = planned;
  planned.id = id;
  const power = spec.state ?? 'poweredOff';
  const written = (spec.writtenGb ?? defaultWrittenGb) * bytesPerGb;
  const isQuiesced = spec.quiesced ?? false;
  const upgraded = spec.upgrade === undefined ? before : upgrade(before, spec.upgrade, atMs);
  const taken = takeSnapshot(
    {
      ...write(upgraded, written),
      power: isQuiesced ? 'poweredOn' : power,
      tools: isQuiesced ? 'healthy' : before.tools,
    },
    {
      name: spec.name,
      description: spec.description ?? '',
      memory: power !== 'poweredOff',
      quiesce: isQuiesced,
      ...(spec.backupManifest !== undefined && { backupManifest: spec.backupManifest }),
    },
    id,
    atMs,
  );
  return { ...taken, tools: before.tools };
}

function upgrade(vm: VmState, { cpus, memoryMb, diskGb }: Upgrade, atMs: number): VmState {
  const deviceChange: VirtualDeviceConfigSpec[] =
    diskGb === undefined
      ? []
      : [{ operation: 'add', device: typed(VirtualDisk, { key: -1, capacityInKB: diskGb * kilobytesPerGb }) }];
  // Differs from those of its other disks, and is the same at each start.
  const uuid = `6000C29${vm.uuid.slice(7, -2)}${String(vm.nextSnapshotNumber).padStart(2, '0')}`;
  return reconfigure(vm, { numCPUs: cpus, memoryMB: memoryMb, deviceChange, extraConfig: [] }, atMs, uuid);
}

/** Writes to the VM's disks, as much to each. A base already holds what its specification says. */
export function write(vm: VmState, bytes: number): VmState {
  const disks = vm.config.disks.filter(isSnapshotable).filter((disk) => {
    const leaf = vm.files.find((file) => file.key === vm.leaves.get(disk.key));
    return leaf?.parentKey !== undefined;
  });
  return disks.reduce((state, disk) => growLeaf(state, disk.key, Math.floor(bytes / disks.length)), vm);
}

/** Leaves links that belong to no snapshot, as after deletes that could not merge. */
export function withLeftovers(before: VmState, count: number, gb: number): VmState {
  let vm = before;
  for (let i = 0; i < count; i++) {
    vm = write(forkForSnapshot(vm), gb * bytesPerGb);
  }
  return settled(vm);
}
