import { ManagedObjectReference, typed } from '../../vsphere/vim/schema';
import {
  ConsolidateVMDisks_Task,
  EstimateStorageForConsolidateSnapshots_Task,
  RemoveAllSnapshots_Task,
  RemoveSnapshot_Task,
  RenameSnapshot,
  RevertToCurrentSnapshot_Task,
  RevertToSnapshot_Task,
  StorageRequirement,
} from '../../vsphere/vim/snapshot';
import { faultError, invalidArgument } from '../faultError';
import { relocateVm, setVm, updateVm } from '../model/vmStore';
import { type Call, serve, type ServedMethod } from '../server/call';
import { accountGrowth } from '../state/diskChain';
import { consolidate, type MergeCost } from '../state/leftovers';
import { plainName } from '../state/names';
import {
  forgetSnapshots,
  powerAfterRevert,
  renameSnapshot,
  revertToSnapshot,
  settled,
} from '../state/snapshotOperations';
import { checkDisks, checkKind, checkReachable, checkRevert, checkSpace } from '../state/snapshotRules';
import { findSnapshot, withDescendants } from '../state/snapshotTree';
import { bytesPerMb, millisecondsPerHour } from '../state/vmState';
import { estimateMs, loadMemoryMs, mergeMs, revertMs, treeMs } from '../state/workDurations';
import type { Stage } from '../tasks/taskRunner';
import { takeMethods } from './snapshotTake';
import { freeSpace, refuse, startOnVm, type Vm, vmOf } from './vmTask';

interface RevertArgs {
  readonly host?: ManagedObjectReference | undefined;
  readonly suppressPowerOn?: boolean | undefined;
}

const millisecondsPerDay = 24 * millisecondsPerHour;

/** @param find - the snapshot to go back to, looked up when the task starts */
function revert(call: Call, vm: Vm, args: RevertArgs, find: () => string | undefined): ManagedObjectReference {
  const { server } = call;
  refuse(checkKind(vm.state));
  const host = args.host === undefined ? undefined : server.registry.resolve(args.host);
  if (args.host !== undefined && host?.kind !== 'HostSystem') {
    throw invalidArgument('host');
  }
  const suppressPowerOn = args.suppressPowerOn ?? false;
  return startOnVm(call, vm, () => {
    const id = find();
    const snapshot = findSnapshot(vm.state, id);
    if (id === undefined || snapshot === undefined) {
      throw faultError('NotFound');
    }
    refuse(checkRevert(vm.state, id));
    const wakes = powerAfterRevert(snapshot, suppressPowerOn) === 'poweredOn';
    return {
      phase: 'Reverting to snapshot',
      durationMs: revertMs + (wakes ? loadMemoryMs(snapshot.config.memoryMb * bytesPerMb) : 0),
      finish: () => {
        server.registry.update((change) => {
          setVm(server.registry, change, vm, revertToSnapshot(vm.state, id, suppressPowerOn, server.clock.now()));
          if (host !== undefined && wakes) {
            relocateVm(server.registry, change, vm, { host: host.ref });
          }
        });
        return { result: undefined };
      },
    };
  });
}

/** @param select - the snapshots that go, looked up when the task starts */
function remove(call: Call, vm: Vm, merges: boolean, select: () => ReadonlySet<string>): ManagedObjectReference {
  const { server } = call;
  refuse(checkKind(vm.state));
  return startOnVm(call, vm, () => {
    const ids = select();
    if (vm.state.config.snapshotsLocked && ids.size > 0) {
      throw faultError('SnapshotLocked');
    }
    // As on a real host: the tree forgets them first, and the long work on the disks follows.
    updateVm(server.registry, vm, (state) => forgetSnapshots(state, ids, server.clock.now()));
    return merges ? merge(call, vm) : leave(call, vm);
  });
}

/** Leaves the disks as they are, with what nobody needs any more. */
function leave(call: Call, vm: Vm): Stage {
  return {
    phase: 'Removing snapshot',
    durationMs: treeMs,
    finish: () => {
      updateVm(call.server.registry, vm, settled);
      return { result: undefined };
    },
  };
}

/** Merges the disks. When that fails, what could not be merged is left, and the VM says so. */
function merge(call: Call, vm: Vm): Stage {
  const { server } = call;
  const { cost } = consolidate(vm.state);
  const fail = (): void => {
    updateVm(server.registry, vm, settled);
  };
  return {
    phase: 'Consolidating disks',
    durationMs: mergeMs(cost.bytes),
    abandon: fail,
    finish: () => {
      const state = accountGrowth(vm.state, server.clock.now());
      const trouble = checkDisks(state) ?? checkSpace(state, consolidate(state).cost.spaceByDatastore, freeSpace(call));
      if (trouble !== undefined) {
        fail();
        refuse(trouble);
      }
      updateVm(server.registry, vm, () => ({ ...consolidate(state).vm, measuredAtMs: server.clock.now() }));
      return { result: undefined };
    },
  };
}

/** What merging everything would need for a while: all snapshots and leftovers. */
function estimate(vm: Vm): MergeCost {
  const all = new Set(vm.state.snapshots.map(({ id }) => id));
  return consolidate(forgetSnapshots(vm.state, all, vm.state.accountedAtMs)).cost;
}

function rename(
  call: Call<'VirtualMachineSnapshot'>,
  args: { readonly name?: string | undefined; readonly description?: string | undefined },
): undefined {
  const vm = vmOf(call);
  refuse(checkReachable(vm.state));
  call.server.tasks.assertFree(vm.ref);
  if (args.name === undefined && args.description === undefined) {
    throw invalidArgument('name');
  }
  if (args.name === '') {
    throw faultError('InvalidName', { name: args.name });
  }
  const name = args.name === undefined ? undefined : plainName(args.name);
  updateVm(call.server.registry, vm, (state) =>
    renameSnapshot(state, call.target.ref.value, { name, description: args.description }),
  );
  return undefined;
}

const revertPrivilege = 'VirtualMachine.State.RevertToSnapshot';
const removePrivilege = 'VirtualMachine.State.RemoveSnapshot';

export const snapshotMethods: readonly ServedMethod[] = [
  ...takeMethods,
  serve(RenameSnapshot, ['VirtualMachineSnapshot'], 'VirtualMachine.State.RenameSnapshot', rename),
  serve(RevertToSnapshot_Task, ['VirtualMachineSnapshot'], revertPrivilege, (call, args) =>
    revert(call, vmOf(call), args, () => call.target.ref.value),
  ),
  serve(RevertToCurrentSnapshot_Task, ['VirtualMachine'], revertPrivilege, (call, args) =>
    revert(call, call.target, args, () => call.target.state.currentId),
  ),
  serve(RemoveSnapshot_Task, ['VirtualMachineSnapshot'], removePrivilege, (call, args) => {
    const vm = vmOf(call);
    const id = call.target.ref.value;
    return remove(call, vm, args.consolidate ?? true, () =>
      args.removeChildren ? withDescendants(vm.state, id) : new Set([id]),
    );
  }),
  serve(RemoveAllSnapshots_Task, ['VirtualMachine'], removePrivilege, (call, args) => {
    const { server, target: vm } = call;
    const days = args.spec?.retentionDays;
    const keepAfterMs = days === undefined ? Infinity : server.clock.now() - days * millisecondsPerDay;
    return remove(call, vm, args.consolidate ?? true, () => {
      const old = vm.state.snapshots.filter((snapshot) => snapshot.createdAtMs <= keepAfterMs);
      return new Set(old.map(({ id }) => id));
    });
  }),
  serve(ConsolidateVMDisks_Task, ['VirtualMachine'], removePrivilege, (call) => {
    refuse(checkKind(call.target.state));
    return startOnVm(call, call.target, () => merge(call, call.target));
  }),
  serve(EstimateStorageForConsolidateSnapshots_Task, ['VirtualMachine'], removePrivilege, (call) => {
    const { target: vm } = call;
    return startOnVm(call, vm, () => ({
      phase: 'Estimating required space',
      durationMs: estimateMs,
      finish: () => {
        const needed = [...estimate(vm).spaceByDatastore].map(([id, bytes]) =>
          typed(StorageRequirement, {
            datastore: new ManagedObjectReference('Datastore', id),
            freeSpaceRequiredInKb: Math.ceil(bytes / 1_024),
          }),
        );
        return { result: needed.length === 0 ? undefined : needed };
      },
    }));
  }),
];
