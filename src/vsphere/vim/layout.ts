import {
  dataObject,
  list,
  opt,
  reference,
  type TypeOf,
  xsdBoolean,
  xsdDateTime,
  xsdInt,
  xsdLong,
  xsdString,
} from './schema';

// VirtualMachineFileLayoutEx: the files of a VM and who uses them.

/** `type`: diskDescriptor, diskExtent, snapshotData, snapshotMemory, snapshotList, swap, log, config and others. */
export const VirtualMachineFileLayoutExFileInfo = dataObject('VirtualMachineFileLayoutExFileInfo', {
  key: xsdInt,
  name: xsdString,
  type: xsdString,
  size: xsdLong,
  uniqueSize: opt(xsdLong),
  backingObjectId: opt(xsdString),
  accessible: opt(xsdBoolean),
});
export const VirtualMachineFileLayoutExDiskUnit = dataObject('VirtualMachineFileLayoutExDiskUnit', {
  fileKey: list(xsdInt),
});
/** `chain` holds the base and every delta; no order may be relied on. */
export const VirtualMachineFileLayoutExDiskLayout = dataObject('VirtualMachineFileLayoutExDiskLayout', {
  key: xsdInt,
  chain: list(VirtualMachineFileLayoutExDiskUnit),
});
/** `memoryKey` is -1 without a memory file. `disk` is the chain as of the snapshot. */
export const VirtualMachineFileLayoutExSnapshotLayout = dataObject('VirtualMachineFileLayoutExSnapshotLayout', {
  key: reference,
  dataKey: xsdInt,
  memoryKey: opt(xsdInt),
  disk: list(VirtualMachineFileLayoutExDiskLayout),
});
export const VirtualMachineFileLayoutEx = dataObject('VirtualMachineFileLayoutEx', {
  file: list(VirtualMachineFileLayoutExFileInfo),
  disk: list(VirtualMachineFileLayoutExDiskLayout),
  snapshot: list(VirtualMachineFileLayoutExSnapshotLayout),
  timestamp: xsdDateTime,
});
export type VirtualMachineFileLayoutEx = TypeOf<typeof VirtualMachineFileLayoutEx>;
