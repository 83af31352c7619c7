import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import { AnswerVM, PowerOffVM_Task, PowerOnVM_Task, ResetVM_Task, SuspendVM_Task } from '../../vsphere/vim/power';
import { faultError, invalidArgument } from '../faultError';
import { relocateVm, setVm, updateVm } from '../model/vmStore';
import { type Call, serve, type ServedMethod } from '../server/call';
import { changePower } from '../state/snapshotOperations';
import { bytesPerMb, type PowerState, type VmState } from '../state/vmState';
import { loadMemoryMs, powerMs, saveMemoryMs } from '../state/workDurations';
import { startOnVm } from './vmTask';

type VmCall = Call<'VirtualMachine'>;

function require(vm: VmState, allowed: readonly PowerState[], requested: PowerState): void {
  if (!allowed.includes(vm.power)) {
    throw faultError('InvalidPowerState', { requestedState: requested, existingState: vm.power });
  }
}

function change(
  call: VmCall,
  from: readonly PowerState[],
  to: PowerState,
  phase: string,
  host?: ManagedObjectReference,
): ManagedObjectReference {
  const { server, target: vm } = call;
  if (vm.state.isTemplate) {
    throw faultError('NotSupported');
  }
  return startOnVm(call, vm, () => {
    require(vm.state, from, to);
    const memoryBytes = vm.state.config.memoryMb * bytesPerMb;
    const sleeps = to === 'suspended' ? saveMemoryMs(memoryBytes) : 0;
    const wakes = vm.state.power === 'suspended' && to === 'poweredOn' ? loadMemoryMs(memoryBytes) : 0;
    return {
      phase,
      durationMs: powerMs + sleeps + wakes,
      finish: () => {
        server.registry.update((update) => {
          setVm(server.registry, update, vm, changePower(vm.state, to, server.clock.now()));
          if (host !== undefined) {
            relocateVm(server.registry, update, vm, { host });
          }
        });
        return { result: undefined };
      },
    };
  });
}

export const powerMethods: readonly ServedMethod[] = [
  serve(PowerOnVM_Task, ['VirtualMachine'], 'VirtualMachine.Interact.PowerOn', (call, { host }) => {
    if (host !== undefined && call.server.registry.resolve(host)?.kind !== 'HostSystem') {
      throw invalidArgument('host');
    }
    return change(call, ['poweredOff', 'suspended'], 'poweredOn', 'Powering on', host);
  }),
  serve(PowerOffVM_Task, ['VirtualMachine'], 'VirtualMachine.Interact.PowerOff', (call) =>
    change(call, ['poweredOn', 'suspended'], 'poweredOff', 'Powering off'),
  ),
  serve(SuspendVM_Task, ['VirtualMachine'], 'VirtualMachine.Interact.Suspend', (call) =>
    change(call, ['poweredOn'], 'suspended', 'Saving the memory of the virtual machine'),
  ),
  serve(ResetVM_Task, ['VirtualMachine'], 'VirtualMachine.Interact.Reset', (call) =>
    change(call, ['poweredOn'], 'poweredOn', 'Resetting'),
  ),
  serve(AnswerVM, ['VirtualMachine'], 'VirtualMachine.Interact.AnswerQuestion', (call, args) => {
    const { server, target: vm } = call;
    const { question } = vm.state;
    if (question?.id !== args.questionId) {
      throw invalidArgument('questionId');
    }
    if (!question.choices.some(({ key }) => key === args.answerChoice)) {
      throw invalidArgument('answerChoice');
    }
    updateVm(server.registry, vm, (state) => ({ ...state, question: undefined }));
    return undefined;
  }),
];
