import { powerState } from './power';
import {
  dataObject,
  type DynamicType,
  list,
  list1,
  method,
  nothing,
  type ObjectType,
  opt,
  reference,
  type ManagedObjectReference,
  type TypeOf,
  xsdBoolean,
  xsdDateTime,
  xsdInt,
  xsdLong,
  xsdString,
} from './schema';

// The snapshot methods of VirtualMachine and VirtualMachineSnapshot; the latter's properties are in virtualMachine.ts,
// because they include a VM's configuration.

/** One snapshot with those below it. */
export interface VirtualMachineSnapshotTree extends DynamicType {
  readonly snapshot: ManagedObjectReference;
  readonly vm: ManagedObjectReference;
  readonly name: string;
  readonly description: string;
  /** Unique within the VM. */
  readonly id: number;
  readonly createTime: string;
  /** Power state when taken; `poweredOn` means that memory was captured. */
  readonly state: TypeOf<typeof powerState>;
  readonly quiesced: boolean;
  readonly backupManifest?: string | undefined;
  readonly childSnapshotList: readonly VirtualMachineSnapshotTree[];
  readonly replaySupported?: boolean | undefined;
}

export const VirtualMachineSnapshotTree: ObjectType<VirtualMachineSnapshotTree> = dataObject(
  'VirtualMachineSnapshotTree',
  {
    snapshot: reference,
    vm: reference,
    name: xsdString,
    description: xsdString,
    id: xsdInt,
    createTime: xsdDateTime,
    state: powerState,
    quiesced: xsdBoolean,
    backupManifest: opt(xsdString),
    childSnapshotList: list((): ObjectType<VirtualMachineSnapshotTree> => VirtualMachineSnapshotTree),
    replaySupported: opt(xsdBoolean),
  },
);

export const VirtualMachineSnapshotInfo = dataObject('VirtualMachineSnapshotInfo', {
  currentSnapshot: opt(reference),
  rootSnapshotList: list1(VirtualMachineSnapshotTree),
});
export type VirtualMachineSnapshotInfo = TypeOf<typeof VirtualMachineSnapshotInfo>;

/** `timeout` in minutes, 5 to 240. */
export const VirtualMachineGuestQuiesceSpec = dataObject('VirtualMachineGuestQuiesceSpec', { timeout: opt(xsdInt) });
export const VirtualMachineWindowsQuiesceSpec = dataObject(
  'VirtualMachineWindowsQuiesceSpec',
  {
    vssBackupType: opt(xsdInt),
    vssBootableSystemState: opt(xsdBoolean),
    vssPartialFileSupport: opt(xsdBoolean),
    vssBackupContext: opt(xsdString),
  },
  VirtualMachineGuestQuiesceSpec,
);

export const StorageRequirement = dataObject('StorageRequirement', {
  datastore: reference,
  freeSpaceRequiredInKb: xsdLong,
});

const onVm = 'VirtualMachine';
const onSnapshot = 'VirtualMachineSnapshot';

/** Deprecated since 8.0 and still served; the only form that ESXi and vCenter before 6.5 know. */
export const CreateSnapshot_Task = method(
  'CreateSnapshot_Task',
  onVm,
  { name: xsdString, description: opt(xsdString), memory: xsdBoolean, quiesce: xsdBoolean },
  reference,
);
/** Since 6.5. Quiesces when a spec is given. */
export const CreateSnapshotEx_Task = method(
  'CreateSnapshotEx_Task',
  onVm,
  {
    name: xsdString,
    description: opt(xsdString),
    memory: xsdBoolean,
    quiesceSpec: opt(VirtualMachineGuestQuiesceSpec),
  },
  reference,
  '6.5',
);
/** Synchronous. What is left out stays as it is. */
export const RenameSnapshot = method(
  'RenameSnapshot',
  onSnapshot,
  { name: opt(xsdString), description: opt(xsdString) },
  nothing,
);
export const RevertToSnapshot_Task = method(
  'RevertToSnapshot_Task',
  onSnapshot,
  { host: opt(reference), suppressPowerOn: opt(xsdBoolean) },
  reference,
);
export const RevertToCurrentSnapshot_Task = method(
  'RevertToCurrentSnapshot_Task',
  onVm,
  { host: opt(reference), suppressPowerOn: opt(xsdBoolean) },
  reference,
);
export const RemoveSnapshot_Task = method(
  'RemoveSnapshot_Task',
  onSnapshot,
  { removeChildren: xsdBoolean, consolidate: opt(xsdBoolean) },
  reference,
);
const SnapshotSelectionSpec = dataObject('SnapshotSelectionSpec', { retentionDays: opt(xsdInt) });
export const RemoveAllSnapshots_Task = method(
  'RemoveAllSnapshots_Task',
  onVm,
  { consolidate: opt(xsdBoolean), spec: opt(SnapshotSelectionSpec, '8.0.3.0') },
  reference,
);
export const ConsolidateVMDisks_Task = method('ConsolidateVMDisks_Task', onVm, {}, reference);
/** Its task's result is an array of StorageRequirement. */
export const EstimateStorageForConsolidateSnapshots_Task = method(
  'EstimateStorageForConsolidateSnapshots_Task',
  onVm,
  {},
  reference,
);
