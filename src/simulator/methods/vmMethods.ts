import {
  MarkAsTemplate,
  MarkAsVirtualMachine,
  ReconfigVM_Task,
  RefreshStorageInfo,
  UnregisterVM,
  type VirtualMachineConfigSpec,
} from '../../vsphere/vim/lifecycle';
import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import { read } from '../access/privileges';
import { faultError, invalidArgument } from '../faultError';
import { relocateVm, removeVm, updateVm } from '../model/vmStore';
import { randomUuid } from '../random/random';
import { type Call, serve, type ServedMethod, sessionOf } from '../server/call';
import { accountGrowth } from '../state/diskChain';
import { checkReconfigure, reconfigure } from '../state/reconfigure';
import { checkReachable } from '../state/snapshotRules';
import { reconfigureMs } from '../state/workDurations';
import { refuse, startOnVm } from './vmTask';

type VmCall = Call<'VirtualMachine'>;

/** How long a host takes to read the sizes of files anew. */
const measureMs = 3_000;

/** Every part of a configuration asks for a privilege of its own. */
function neededPrivileges(spec: VirtualMachineConfigSpec): string[] {
  const needed: (string | false)[] = [
    spec.numCPUs !== undefined && 'VirtualMachine.Config.CPUCount',
    spec.memoryMB !== undefined && 'VirtualMachine.Config.Memory',
    spec.name !== undefined && 'VirtualMachine.Config.Rename',
    spec.annotation !== undefined && 'VirtualMachine.Config.Annotation',
    spec.extraConfig.length > 0 && 'VirtualMachine.Config.AdvancedConfig',
    spec.changeTrackingEnabled !== undefined && 'VirtualMachine.Config.ChangeTracking',
    spec.flags !== undefined && 'VirtualMachine.Config.Settings',
    ...spec.deviceChange.map(({ operation }) =>
      operation === 'remove' ? 'VirtualMachine.Config.RemoveDisk' : 'VirtualMachine.Config.AddNewDisk',
    ),
  ];
  return needed.filter((privilege) => privilege !== false);
}

function reconfig(call: VmCall, spec: VirtualMachineConfigSpec): ManagedObjectReference {
  const { server, target: vm } = call;
  const { access } = sessionOf(call);
  const lacking = neededPrivileges(spec).filter((privilege) => !access.has(vm, privilege));
  if (lacking[0] !== undefined) {
    throw faultError('NoPermission', {
      object: vm.ref,
      privilegeId: lacking[0],
      missingPrivileges: [{ entity: vm.ref, privilegeIds: lacking }],
    });
  }
  return startOnVm(call, vm, () => {
    refuse(checkReconfigure(vm.state, spec));
    return {
      phase: 'Reconfiguring',
      durationMs: reconfigureMs,
      finish: () => {
        const nowMs = server.clock.now();
        updateVm(server.registry, vm, (state) =>
          reconfigure(accountGrowth(state, nowMs), spec, nowMs, randomUuid(server.random)),
        );
        return { result: undefined };
      },
    };
  });
}

function refreshStorage({ server, target: vm }: VmCall): undefined {
  // Answers at once; the figures follow.
  server.later(measureMs, () => {
    if (server.registry.resolve(vm.ref) === vm) {
      const nowMs = server.clock.now();
      updateVm(server.registry, vm, (state) => ({ ...accountGrowth(state, nowMs), measuredAtMs: nowMs }));
    }
  });
  return undefined;
}

function unregister({ server, target: vm }: VmCall): undefined {
  server.tasks.assertFree(vm.ref);
  if (vm.state.power !== 'poweredOff') {
    throw faultError('InvalidPowerState', { requestedState: 'poweredOff', existingState: vm.state.power });
  }
  server.registry.update((change) => {
    removeVm(server.registry, change, vm, false);
  });
  return undefined;
}

function markAsTemplate({ server, target: vm }: VmCall): undefined {
  refuse(checkReachable(vm.state));
  server.tasks.assertFree(vm.ref);
  if (vm.state.power !== 'poweredOff') {
    throw faultError('InvalidPowerState', { requestedState: 'poweredOff', existingState: vm.state.power });
  }
  server.registry.update((change) => {
    relocateVm(server.registry, change, vm, { isTemplate: true, resourcePool: undefined });
  });
  return undefined;
}

function markAsVm(
  { server, target: vm }: VmCall,
  args: { readonly pool: ManagedObjectReference; readonly host?: ManagedObjectReference | undefined },
): undefined {
  if (!vm.state.isTemplate) {
    throw faultError('NotSupported');
  }
  const pool = server.registry.resolveEntity(args.pool);
  if (pool?.kind !== 'ResourcePool') {
    throw invalidArgument('pool');
  }
  server.registry.update((change) => {
    const host = args.host ?? vm.state.host;
    relocateVm(server.registry, change, vm, { isTemplate: false, resourcePool: pool.ref, host });
  });
  return undefined;
}

export const vmMethods: readonly ServedMethod[] = [
  serve(ReconfigVM_Task, ['VirtualMachine'], undefined, (call, { spec }) => reconfig(call, spec)),
  serve(RefreshStorageInfo, ['VirtualMachine'], read, refreshStorage),
  serve(UnregisterVM, ['VirtualMachine'], 'VirtualMachine.Inventory.Unregister', unregister),
  serve(MarkAsTemplate, ['VirtualMachine'], 'VirtualMachine.Provisioning.MarkAsTemplate', markAsTemplate, {
    vcenterOnly: true,
  }),
  serve(MarkAsVirtualMachine, ['VirtualMachine'], 'VirtualMachine.Provisioning.MarkAsVM', markAsVm, {
    vcenterOnly: true,
  }),
];
