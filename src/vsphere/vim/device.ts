import { Description } from './description';
import {
  dataObject,
  type DynamicType,
  list,
  type ManagedObjectReference,
  type ObjectType,
  opt,
  reference,
  type TypeOf,
  xsdBoolean,
  xsdInt,
  xsdLong,
  xsdShort,
  xsdString,
} from './schema';

// Virtual devices, as far as they decide whether and what a snapshot holds. Other devices arrive as VirtualDevice with
// their type's name in `$type`.

export const VirtualDeviceBackingInfo = dataObject('VirtualDeviceBackingInfo', {});
export const VirtualDeviceFileBackingInfo = dataObject(
  'VirtualDeviceFileBackingInfo',
  { fileName: xsdString, datastore: opt(reference), backingObjectId: opt(xsdString) },
  VirtualDeviceBackingInfo,
);
/** `diskMode`: persistent, independent_persistent, independent_nonpersistent and older ones. `sharing`: sharingNone, sharingMultiWriter. */
export interface VirtualDiskFlatVer2BackingInfo extends DynamicType {
  readonly fileName: string;
  readonly datastore?: ManagedObjectReference | undefined;
  readonly backingObjectId?: string | undefined;
  readonly diskMode: string;
  readonly split?: boolean | undefined;
  readonly writeThrough?: boolean | undefined;
  readonly thinProvisioned?: boolean | undefined;
  readonly eagerlyScrub?: boolean | undefined;
  readonly uuid?: string | undefined;
  readonly contentId?: string | undefined;
  readonly changeId?: string | undefined;
  /** The file that this one holds the changes to; unset for a base disk. */
  readonly parent?: VirtualDiskFlatVer2BackingInfo | undefined;
  readonly deltaDiskFormat?: string | undefined;
  readonly digestEnabled?: boolean | undefined;
  readonly deltaGrainSize?: number | undefined;
  readonly deltaDiskFormatVariant?: string | undefined;
  readonly sharing?: string | undefined;
}
export const VirtualDiskFlatVer2BackingInfo: ObjectType<VirtualDiskFlatVer2BackingInfo> = dataObject(
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
    parent: opt((): ObjectType<VirtualDiskFlatVer2BackingInfo> => VirtualDiskFlatVer2BackingInfo),
    deltaDiskFormat: opt(xsdString),
    digestEnabled: opt(xsdBoolean),
    deltaGrainSize: opt(xsdInt),
    deltaDiskFormatVariant: opt(xsdString),
    sharing: opt(xsdString),
  },
  VirtualDeviceFileBackingInfo,
);
export const VirtualDiskSeSparseBackingInfo = dataObject(
  'VirtualDiskSeSparseBackingInfo',
  { diskMode: xsdString },
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

export const VirtualDeviceDeviceBackingInfo = dataObject(
  'VirtualDeviceDeviceBackingInfo',
  { deviceName: xsdString, useAutoDetect: opt(xsdBoolean) },
  VirtualDeviceBackingInfo,
);
export const VirtualDeviceRemoteDeviceBackingInfo = dataObject(
  'VirtualDeviceRemoteDeviceBackingInfo',
  { deviceName: xsdString, useAutoDetect: opt(xsdBoolean) },
  VirtualDeviceBackingInfo,
);
export const VirtualCdromRemotePassthroughBackingInfo = dataObject(
  'VirtualCdromRemotePassthroughBackingInfo',
  { exclusive: xsdBoolean },
  VirtualDeviceRemoteDeviceBackingInfo,
);
export const VirtualEthernetCardNetworkBackingInfo = dataObject(
  'VirtualEthernetCardNetworkBackingInfo',
  { network: opt(reference), inPassthroughMode: opt(xsdBoolean) },
  VirtualDeviceDeviceBackingInfo,
);
export const VirtualPCIPassthroughDeviceBackingInfo = dataObject(
  'VirtualPCIPassthroughDeviceBackingInfo',
  { id: xsdString, deviceId: xsdString, systemId: xsdString, vendorId: xsdShort },
  VirtualDeviceDeviceBackingInfo,
);

export const VirtualDeviceConnectInfo = dataObject('VirtualDeviceConnectInfo', {
  migrateConnect: opt(xsdString, '6.7'),
  startConnected: xsdBoolean,
  allowGuestControl: xsdBoolean,
  connected: xsdBoolean,
  status: opt(xsdString),
});

export const VirtualDevice = dataObject('VirtualDevice', {
  key: xsdInt,
  deviceInfo: opt(Description),
  backing: opt(VirtualDeviceBackingInfo),
  connectable: opt(VirtualDeviceConnectInfo),
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
export const VirtualIDEController = dataObject('VirtualIDEController', {}, VirtualController);
export const VirtualPCIController = dataObject('VirtualPCIController', {}, VirtualController);
export const VirtualPS2Controller = dataObject('VirtualPS2Controller', {}, VirtualController);
export const VirtualSIOController = dataObject('VirtualSIOController', {}, VirtualController);
export const VirtualKeyboard = dataObject('VirtualKeyboard', {}, VirtualDevice);
export const VirtualPointingDevice = dataObject('VirtualPointingDevice', {}, VirtualDevice);
export const VirtualMachineVideoCard = dataObject(
  'VirtualMachineVideoCard',
  {
    videoRamSizeInKB: opt(xsdLong),
    numDisplays: opt(xsdInt),
    useAutoDetect: opt(xsdBoolean),
    enable3DSupport: opt(xsdBoolean),
  },
  VirtualDevice,
);
export const VirtualMachineVMCIDevice = dataObject('VirtualMachineVMCIDevice', { id: opt(xsdLong) }, VirtualDevice);
export const VirtualCdrom = dataObject('VirtualCdrom', {}, VirtualDevice);
export const VirtualEthernetCard = dataObject(
  'VirtualEthernetCard',
  { addressType: opt(xsdString), macAddress: opt(xsdString), wakeOnLanEnabled: opt(xsdBoolean) },
  VirtualDevice,
);
export const VirtualVmxnet = dataObject('VirtualVmxnet', {}, VirtualEthernetCard);
export const VirtualVmxnet3 = dataObject('VirtualVmxnet3', {}, VirtualVmxnet);
export const VirtualE1000e = dataObject('VirtualE1000e', {}, VirtualEthernetCard);
/** `sharedBus`: noSharing, virtualSharing, physicalSharing. */
export const VirtualSCSIController = dataObject(
  'VirtualSCSIController',
  { hotAddRemove: opt(xsdBoolean), sharedBus: xsdString, scsiCtlrUnitNumber: opt(xsdInt) },
  VirtualController,
);
export const ParaVirtualSCSIController = dataObject('ParaVirtualSCSIController', {}, VirtualSCSIController);
export const VirtualLsiLogicController = dataObject('VirtualLsiLogicController', {}, VirtualSCSIController);
export const VirtualLsiLogicSASController = dataObject('VirtualLsiLogicSASController', {}, VirtualSCSIController);
export const VirtualBusLogicController = dataObject('VirtualBusLogicController', {}, VirtualSCSIController);
/** `sharedBus`: noSharing, physicalSharing. */
export const VirtualNVMEController = dataObject(
  'VirtualNVMEController',
  { sharedBus: opt(xsdString, '8.0.2.0') },
  VirtualController,
);
export const VirtualPCIPassthrough = dataObject('VirtualPCIPassthrough', {}, VirtualDevice);

export const VirtualHardware = dataObject('VirtualHardware', {
  numCPU: xsdInt,
  numCoresPerSocket: opt(xsdInt),
  memoryMB: xsdInt,
  virtualICH7MPresent: opt(xsdBoolean),
  virtualSMCPresent: opt(xsdBoolean),
  device: list(VirtualDevice),
});
