import { enumeration, method, nothing, opt, reference, xsdString } from './schema';

// Power states and power operations.

export const powerState = enumeration('VirtualMachinePowerState', 'poweredOff', 'poweredOn', 'suspended');
export const connectionState = enumeration(
  'VirtualMachineConnectionState',
  'connected',
  'disconnected',
  'orphaned',
  'inaccessible',
  'invalid',
);
export const hostConnectionState = enumeration(
  'HostSystemConnectionState',
  'connected',
  'notResponding',
  'disconnected',
);

export const PowerOnVM_Task = method('PowerOnVM_Task', 'VirtualMachine', { host: opt(reference) }, reference);
export const PowerOffVM_Task = method('PowerOffVM_Task', 'VirtualMachine', {}, reference);
export const SuspendVM_Task = method('SuspendVM_Task', 'VirtualMachine', {}, reference);
export const ResetVM_Task = method('ResetVM_Task', 'VirtualMachine', {}, reference);
/** Ends a VM's wait for an answer: see `runtime.question`. */
export const AnswerVM = method(
  'AnswerVM',
  'VirtualMachine',
  { questionId: xsdString, answerChoice: xsdString },
  nothing,
);
