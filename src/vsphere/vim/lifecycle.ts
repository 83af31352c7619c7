import { VirtualDevice } from './device';
import { OptionValue } from './service';
import {
  dataObject,
  enumeration,
  list,
  method,
  nothing,
  opt,
  reference,
  type TypeOf,
  xsdBoolean,
  xsdDateTime,
  xsdInt,
  xsdLong,
  xsdString,
} from './schema';
import {
  ManagedByInfo,
  ResourceAllocationInfo,
  ToolsConfigInfo,
  VirtualMachineDefaultPowerOpInfo,
  VirtualMachineFileInfo,
  VirtualMachineFlagInfo,
} from './virtualMachine';

// What happens to an entity as a whole: being renamed, reconfigured, turned into a template, removed.

const VirtualDeviceConfigSpecOperation = enumeration('VirtualDeviceConfigSpecOperation', 'add', 'remove', 'edit');
const VirtualDeviceConfigSpecFileOperation = enumeration(
  'VirtualDeviceConfigSpecFileOperation',
  'create',
  'destroy',
  'replace',
);
/** A removal without `fileOperation` leaves the disk's files where they are. */
export const VirtualDeviceConfigSpec = dataObject('VirtualDeviceConfigSpec', {
  operation: opt(VirtualDeviceConfigSpecOperation),
  fileOperation: opt(VirtualDeviceConfigSpecFileOperation),
  device: VirtualDevice,
});
export type VirtualDeviceConfigSpec = TypeOf<typeof VirtualDeviceConfigSpec>;

/** What is left out stays as it is. */
export const VirtualMachineConfigSpec = dataObject('VirtualMachineConfigSpec', {
  changeVersion: opt(xsdString),
  name: opt(xsdString),
  version: opt(xsdString),
  createDate: opt(xsdDateTime, '6.7'),
  uuid: opt(xsdString),
  instanceUuid: opt(xsdString),
  locationId: opt(xsdString),
  guestId: opt(xsdString),
  alternateGuestName: opt(xsdString),
  annotation: opt(xsdString),
  files: opt(VirtualMachineFileInfo),
  tools: opt(ToolsConfigInfo),
  flags: opt(VirtualMachineFlagInfo),
  powerOpInfo: opt(VirtualMachineDefaultPowerOpInfo),
  numCPUs: opt(xsdInt),
  numCoresPerSocket: opt(xsdInt),
  memoryMB: opt(xsdLong),
  memoryHotAddEnabled: opt(xsdBoolean),
  cpuHotAddEnabled: opt(xsdBoolean),
  cpuHotRemoveEnabled: opt(xsdBoolean),
  deviceChange: list(VirtualDeviceConfigSpec),
  cpuAllocation: opt(ResourceAllocationInfo),
  memoryAllocation: opt(ResourceAllocationInfo),
  extraConfig: list(OptionValue),
  swapPlacement: opt(xsdString),
  changeTrackingEnabled: opt(xsdBoolean),
  firmware: opt(xsdString),
  managedBy: opt(ManagedByInfo),
  memoryReservationLockedToMax: opt(xsdBoolean),
  nestedHVEnabled: opt(xsdBoolean),
  vPMCEnabled: opt(xsdBoolean),
});
export type VirtualMachineConfigSpec = TypeOf<typeof VirtualMachineConfigSpec>;

const onVm = 'VirtualMachine';
const onEntity = 'ManagedEntity';

export const ReconfigVM_Task = method('ReconfigVM_Task', onVm, { spec: VirtualMachineConfigSpec }, reference);
/** Asynchronous: `layoutEx` and the storage figures follow some time later. */
export const RefreshStorageInfo = method('RefreshStorageInfo', onVm, {}, nothing);
export const UnregisterVM = method('UnregisterVM', onVm, {}, nothing);
export const MarkAsTemplate = method('MarkAsTemplate', onVm, {}, nothing);
export const MarkAsVirtualMachine = method(
  'MarkAsVirtualMachine',
  onVm,
  { pool: reference, host: opt(reference) },
  nothing,
);
export const Rename_Task = method('Rename_Task', onEntity, { newName: xsdString }, reference);
export const Destroy_Task = method('Destroy_Task', onEntity, {}, reference);
export const Reload = method('Reload', onEntity, {}, nothing);
export const RefreshDatastore = method('RefreshDatastore', 'Datastore', {}, nothing);
export const MoveIntoFolder_Task = method('MoveIntoFolder_Task', 'Folder', { list: list(reference) }, reference);
export const CreateFolder = method('CreateFolder', 'Folder', { name: xsdString }, reference);
