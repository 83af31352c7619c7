import { dataObject, list, opt, reference, type TypeOf, xsdBoolean, xsdInt, xsdLong, xsdString } from './schema';

// Virtual devices, as far as they decide whether and what a snapshot holds. Other devices arrive as VirtualDevice with
// their type's name in `$type`.

const Description = dataObject('Description', { label: xsdString, summary: xsdString });

export const VirtualDeviceBackingInfo = dataObject('VirtualDeviceBackingInfo', {});
export const VirtualDeviceFileBackingInfo = dataObject(
  'VirtualDeviceFileBackingInfo',
  { fileName: xsdString, datastore: opt(reference), backingObjectId: opt(xsdString) },
  VirtualDeviceBackingInfo,
);
/** `diskMode`: persistent, independent_persistent, independent_nonpersistent and older ones. `sharing`: sharingNone, sharingMultiWriter. */
export const VirtualDiskFlatVer2BackingInfo = dataObject(
  'VirtualDiskFlatVer2BackingInfo',
  {
    diskMode: xsdString,
    split: opt(xsdBoolean),
    writeThrough: opt(xsdBoolean),
    thinProvisioned: opt(xsdBoolean),
    eagerlyScrub: opt(xsdBoolean),
    uuid: opt(xsdString),
    contentId: opt(xsdString),
    changeId: opt(xsdString),
    digestEnabled: opt(xsdBoolean),
    deltaGrainSize: opt(xsdInt),
    deltaDiskFormatVariant: opt(xsdString),
    sharing: opt(xsdString),
  },
  VirtualDeviceFileBackingInfo,
);
/** `compatibilityMode`: physicalMode, virtualMode. */
export const VirtualDiskRawDiskMappingVer1BackingInfo = dataObject(
  'VirtualDiskRawDiskMappingVer1BackingInfo',
  {
    lunUuid: opt(xsdString),
    deviceName: opt(xsdString),
    compatibilityMode: opt(xsdString),
    diskMode: opt(xsdString),
    uuid: opt(xsdString),
    contentId: opt(xsdString),
    changeId: opt(xsdString),
    sharing: opt(xsdString),
  },
  VirtualDeviceFileBackingInfo,
);

export const VirtualDevice = dataObject('VirtualDevice', {
  key: xsdInt,
  deviceInfo: opt(Description),
  backing: opt(VirtualDeviceBackingInfo),
  controllerKey: opt(xsdInt),
  unitNumber: opt(xsdInt),
});
export type VirtualDevice = TypeOf<typeof VirtualDevice>;

export const VirtualDisk = dataObject(
  'VirtualDisk',
  { capacityInKB: xsdLong, capacityInBytes: opt(xsdLong), diskObjectId: opt(xsdString) },
  VirtualDevice,
);
export const VirtualController = dataObject(
  'VirtualController',
  { busNumber: xsdInt, device: list(xsdInt) },
  VirtualDevice,
);
/** `sharedBus`: noSharing, virtualSharing, physicalSharing. */
export const VirtualSCSIController = dataObject(
  'VirtualSCSIController',
  { hotAddRemove: opt(xsdBoolean), sharedBus: xsdString, scsiCtlrUnitNumber: opt(xsdInt) },
  VirtualController,
);
export const ParaVirtualSCSIController = dataObject('ParaVirtualSCSIController', {}, VirtualSCSIController);
export const VirtualLsiLogicController = dataObject('VirtualLsiLogicController', {}, VirtualSCSIController);
export const VirtualLsiLogicSASController = dataObject('VirtualLsiLogicSASController', {}, VirtualSCSIController);
export const VirtualPCIPassthrough = dataObject('VirtualPCIPassthrough', {}, VirtualDevice);

export const VirtualHardware = dataObject('VirtualHardware', {
  numCPU: xsdInt,
  numCoresPerSocket: opt(xsdInt),
  memoryMB: xsdInt,
  virtualICH7MPresent: opt(xsdBoolean),
  virtualSMCPresent: opt(xsdBoolean),
  device: list(VirtualDevice),
});
