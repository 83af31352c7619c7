import {
  ParaVirtualSCSIController,
  type VirtualDevice,
  VirtualCdrom,
  VirtualCdromRemotePassthroughBackingInfo,
  VirtualDisk,
  VirtualDiskFlatVer2BackingInfo,
  VirtualDiskRawDiskMappingVer1BackingInfo,
  VirtualEthernetCardNetworkBackingInfo,
  VirtualIDEController,
  VirtualKeyboard,
  VirtualLsiLogicController,
  VirtualLsiLogicSASController,
  VirtualMachineVideoCard,
  VirtualMachineVMCIDevice,
  VirtualPCIController,
  VirtualPCIPassthrough,
  VirtualPCIPassthroughDeviceBackingInfo,
  VirtualPointingDevice,
  VirtualPS2Controller,
  VirtualSIOController,
  VirtualVmxnet3,
} from '../../vsphere/vim/device';
import { typed } from '../../vsphere/vim/schema';
import { chainFrom } from '../state/diskChain';
import type { ControllerState, DiskState, NicState, PassthroughState, VmConfig, VmState } from '../state/vmState';

// `config.hardware.device` as a real server lists it: the controllers of every VM first, then what the VM is made of.

const scsiTypes = { ParaVirtualSCSIController, VirtualLsiLogicController, VirtualLsiLogicSASController };
const scsiSummaries: Readonly<Record<ControllerState['model'], string>> = {
  ParaVirtualSCSIController: 'VMware paravirtual SCSI',
  VirtualLsiLogicController: 'LSI Logic',
  VirtualLsiLogicSASController: 'LSI Logic SAS',
};

const pciKey = 100;
const ps2Key = 300;
const ideKey = 200;

const fixedDevices: readonly VirtualDevice[] = [
  typed(VirtualIDEController, { key: ideKey, deviceInfo: info('IDE 0', 'IDE 0'), busNumber: 0, device: [3000] }),
  typed(VirtualIDEController, { key: 201, deviceInfo: info('IDE 1', 'IDE 1'), busNumber: 1, device: [] }),
  typed(VirtualPS2Controller, {
    key: ps2Key,
    deviceInfo: info('PS2 controller 0', 'PS2 controller 0'),
    busNumber: 0,
    device: [600, 700],
  }),
  typed(VirtualPCIController, {
    key: pciKey,
    deviceInfo: info('PCI controller 0', 'PCI controller 0'),
    busNumber: 0,
    device: [500, 12_000],
  }),
  typed(VirtualSIOController, {
    key: 400,
    deviceInfo: info('SIO controller 0', 'SIO controller 0'),
    busNumber: 0,
    device: [],
  }),
  typed(VirtualKeyboard, {
    key: 600,
    deviceInfo: info('Keyboard', 'Keyboard'),
    controllerKey: ps2Key,
    unitNumber: 0,
  }),
  typed(VirtualPointingDevice, {
    key: 700,
    deviceInfo: info('Pointing device', 'Pointing device; Device'),
    controllerKey: ps2Key,
    unitNumber: 1,
  }),
  typed(VirtualMachineVideoCard, {
    key: 500,
    deviceInfo: info('Video card', 'Video card'),
    controllerKey: pciKey,
    unitNumber: 0,
    videoRamSizeInKB: 4_096,
    numDisplays: 1,
    useAutoDetect: false,
    enable3DSupport: false,
  }),
  typed(VirtualMachineVMCIDevice, {
    key: 12_000,
    deviceInfo: info('VMCI device', 'Device on the virtual machine PCI bus that provides support for VMCI'),
    controllerKey: pciKey,
    unitNumber: 17,
  }),
];

const cdrom = typed(VirtualCdrom, {
  key: 3_000,
  deviceInfo: info('CD/DVD drive 1', 'Remote device'),
  backing: typed(VirtualCdromRemotePassthroughBackingInfo, { deviceName: '', useAutoDetect: false, exclusive: false }),
  connectable: { startConnected: false, allowGuestControl: true, connected: false, status: 'untried' },
  controllerKey: ideKey,
  unitNumber: 0,
});

function info(label: string, summary: string): { readonly label: string; readonly summary: string } {
  return { label, summary };
}

/** Devices of a configuration: the VM's own, or the one that a snapshot captured with `leaves` as it was then. */
export function devicesOf(vm: VmState, config: VmConfig, leaves: ReadonlyMap<number, number>): VirtualDevice[] {
  return [
    ...fixedDevices,
    ...config.controllers.map((controller) => scsiController(controller, config)),
    cdrom,
    ...config.disks.map((disk) => diskDevice(vm, disk, leaves.get(disk.key))),
    ...config.nics.map((nic) => networkCard(nic, vm.power === 'poweredOn')),
    ...config.passthrough.map(passthroughDevice),
  ];
}

function scsiController(controller: ControllerState, config: VmConfig): VirtualDevice {
  return typed(scsiTypes[controller.model], {
    key: controller.key,
    deviceInfo: info(controller.label, scsiSummaries[controller.model]),
    controllerKey: pciKey,
    unitNumber: 3 + controller.busNumber,
    busNumber: controller.busNumber,
    device: config.disks.filter((disk) => disk.controllerKey === controller.key).map((disk) => disk.key),
    hotAddRemove: true,
    sharedBus: controller.sharedBus,
    scsiCtlrUnitNumber: 7,
  });
}

function diskDevice(vm: VmState, disk: DiskState, leafKey: number | undefined): VirtualDevice {
  const kilobytes = Math.floor(disk.capacityBytes / 1_024);
  return typed(VirtualDisk, {
    key: disk.key,
    deviceInfo: info(disk.label, `${kilobytes.toLocaleString('en-US')} KB`),
    backing: diskBacking(vm, disk, leafKey),
    controllerKey: disk.controllerKey,
    unitNumber: disk.unitNumber,
    capacityInKB: kilobytes,
    capacityInBytes: disk.capacityBytes,
    diskObjectId: `${vm.instanceUuid.slice(0, 8)}-${disk.key}`,
  });
}

function diskBacking(vm: VmState, disk: DiskState, leafKey: number | undefined): VirtualDevice['backing'] {
  const [leaf, ...below] = chainFrom(vm, leafKey);
  const sharing = disk.isShared ? 'sharingMultiWriter' : 'sharingNone';
  const file = { fileName: leaf?.name ?? '', datastore: leaf?.datastore ?? vm.home.datastore };
  if (disk.kind !== 'flat') {
    return typed(VirtualDiskRawDiskMappingVer1BackingInfo, {
      ...file,
      lunUuid: `02000000006${disk.uuid.replaceAll('-', '').slice(0, 24)}`,
      deviceName: `vml.0200${disk.uuid.replaceAll('-', '').slice(0, 24)}`,
      compatibilityMode: disk.kind === 'rawPhysical' ? 'physicalMode' : 'virtualMode',
      ...(disk.kind === 'rawVirtual' && { diskMode: disk.mode }),
      uuid: disk.uuid,
      sharing,
    });
  }
  const settings = { diskMode: disk.mode, split: false, writeThrough: false, thinProvisioned: disk.thin };
  const parent = below.reduceRight<VirtualDiskFlatVer2BackingInfo | undefined>(
    (deeper, each) => ({ fileName: each.name, datastore: each.datastore, diskMode: disk.mode, parent: deeper }),
    undefined,
  );
  return typed(VirtualDiskFlatVer2BackingInfo, {
    ...file,
    ...settings,
    uuid: disk.uuid,
    contentId: disk.uuid.replaceAll('-', '').slice(0, 8).padStart(32, 'f'),
    parent,
    ...(parent !== undefined && { deltaDiskFormat: 'redoLogFormat' }),
    digestEnabled: false,
    sharing,
  });
}

function networkCard(nic: NicState, isRunning: boolean): VirtualDevice {
  return typed(VirtualVmxnet3, {
    key: nic.key,
    deviceInfo: info(nic.label, nic.networkName),
    backing: typed(VirtualEthernetCardNetworkBackingInfo, {
      deviceName: nic.networkName,
      useAutoDetect: false,
      network: nic.network,
      inPassthroughMode: false,
    }),
    connectable: {
      startConnected: true,
      allowGuestControl: true,
      connected: isRunning,
      status: isRunning ? 'ok' : 'untried',
    },
    controllerKey: pciKey,
    unitNumber: 7 + (nic.key - 4_000),
    addressType: 'assigned',
    macAddress: nic.macAddress,
    wakeOnLanEnabled: true,
  });
}

function passthroughDevice(device: PassthroughState): VirtualDevice {
  return typed(VirtualPCIPassthrough, {
    key: device.key,
    deviceInfo: info(device.label, device.deviceName),
    backing: typed(VirtualPCIPassthroughDeviceBackingInfo, {
      deviceName: device.deviceName,
      id: '00000:059:00.0',
      deviceId: '1eb8',
      systemId: 'BYPASS',
      vendorId: 4_318,
    }),
    controllerKey: pciKey,
    unitNumber: 18 + (device.key - 13_000),
  });
}
