import type { ManagedObjectReference, TypeOf } from '../../vsphere/vim/schema';
import {
  CreateSnapshot_Task,
  CreateSnapshotEx_Task,
  type VirtualMachineGuestQuiesceSpec,
} from '../../vsphere/vim/snapshot';
import { invalidArgument } from '../faultError';
import { updateVm } from '../model/vmStore';
import { snapshotRef } from '../projection/vmSnapshots';
import { type Call, serve, type ServedMethod } from '../server/call';
import { accountGrowth } from '../state/diskChain';
import { plainName } from '../state/names';
import {
  capturedMemoryBytes,
  forkForSnapshot,
  settled,
  type TakeRequest,
  takeSnapshot,
  willQuiesce,
} from '../state/snapshotOperations';
import { checkKind, checkTake, checkTakeSpace } from '../state/snapshotRules';
import { forkMs, quiesceMs, saveMemoryMs } from '../state/workDurations';
import type { Stage } from '../tasks/taskRunner';
import { freeSpace, refuse, startOnVm, type Vm } from './vmTask';

const privilege = 'VirtualMachine.State.CreateSnapshot';

// Minutes that a guest may be given to quiesce.
const quiesceTimeoutRange = { min: 5, max: 240 } as const;

// From here on, a cancelled take has already made the VM write to new files.
const forkedAtPercent = 50;

function take(call: Call<'VirtualMachine'>, request: TakeRequest): ManagedObjectReference {
  const { target: vm } = call;
  refuse(checkKind(vm.state));
  return startOnVm(call, vm, () => {
    account(call, vm);
    refuse(checkTake(vm.state, request));
    refuse(checkTakeSpace(vm.state, request, freeSpace(call)));
    return willQuiesce(vm.state, request) ? quiesce(call, request) : save(call, request);
  });
}

function quiesce(call: Call<'VirtualMachine'>, request: TakeRequest): Stage {
  return {
    phase: 'Quiescing the guest operating system',
    durationMs: quiesceMs,
    finish: () => save(call, request),
  };
}

function save(call: Call<'VirtualMachine'>, request: TakeRequest): Stage {
  const { server, target: vm } = call;
  const memoryBytes = capturedMemoryBytes(vm.state, request);
  const savesMemory = memoryBytes > 0 && vm.state.power === 'poweredOn';
  return {
    phase: savesMemory ? 'Saving the memory of the virtual machine' : 'Creating delta disks',
    durationMs: forkMs + (savesMemory ? saveMemoryMs(memoryBytes) : 0),
    cancelable: savesMemory,
    abandon: (progress) => {
      if (progress >= forkedAtPercent) {
        updateVm(server.registry, vm, (state) => settled(forkForSnapshot(accountGrowth(state, server.clock.now()))));
      }
    },
    finish: () => {
      const id = server.ids.snapshot(vm.ref.value, vm.state.nextSnapshotNumber);
      updateVm(server.registry, vm, (state) => takeSnapshot(state, request, id, server.clock.now()));
      return { result: snapshotRef(id) };
    },
  };
}

/** Books what the disks have gained until now, so that free space is what it really is. */
function account(call: Call, vm: Vm): void {
  updateVm(call.server.registry, vm, (state) => accountGrowth(state, call.server.clock.now()));
}

function checkQuiesceSpec(spec: TypeOf<typeof VirtualMachineGuestQuiesceSpec> | undefined): boolean {
  const minutes = spec?.timeout;
  if (minutes !== undefined && (minutes < quiesceTimeoutRange.min || minutes > quiesceTimeoutRange.max)) {
    throw invalidArgument('quiesceSpec.timeout');
  }
  return spec !== undefined;
}

export const takeMethods: readonly ServedMethod[] = [
  serve(CreateSnapshot_Task, ['VirtualMachine'], privilege, (call, { name, description, memory, quiesce }) =>
    take(call, { name: plainName(name), description: description ?? '', memory, quiesce }),
  ),
  serve(CreateSnapshotEx_Task, ['VirtualMachine'], privilege, (call, { name, description, memory, quiesceSpec }) =>
    take(call, {
      name: plainName(name),
      description: description ?? '',
      memory,
      quiesce: checkQuiesceSpec(quiesceSpec),
    }),
  ),
];
