import type { VirtualDevice } from '../../vsphere/vim/device';
import { OptionValue } from '../../vsphere/vim/service';
import { typed } from '../../vsphere/vim/schema';
import type { VirtualMachineConfigInfo } from '../../vsphere/vim/virtualMachine';
import { escapeName } from '../state/names';
import { homePath } from '../state/snapshotOperations';
import type { VmConfig, VmState } from '../state/vmState';
import { devicesOf } from './vmDevices';
import { dateTime, type Viewer } from './viewer';

const unlimited = {
  reservation: 0,
  expandableReservation: false,
  limit: -1,
  shares: { shares: 2_000, level: 'normal' },
};

/**
 * `config` of a VM, or of one of its snapshots.
 *
 * @remarks The expensive parts are made when they are looked at: most readers ask for `config.template` alone.
 * @param leaves - the file of each disk at the time of the configuration
 */
export function configInfo(
  vm: VmState,
  config: VmConfig,
  leaves: ReadonlyMap<number, number>,
  viewer: Viewer,
): VirtualMachineConfigInfo {
  return {
    get changeVersion() {
      return `${dateTime(vm.configModifiedAtMs)}#${vm.changeVersion}`;
    },
    get modified() {
      return dateTime(vm.configModifiedAtMs);
    },
    name: escapeName(vm.name),
    guestFullName: config.guestName,
    version: config.hardwareVersion,
    uuid: vm.uuid,
    get createDate() {
      return dateTime(vm.createdAtMs);
    },
    instanceUuid: vm.instanceUuid,
    template: vm.isTemplate,
    guestId: config.guestId,
    alternateGuestName: '',
    ...(config.annotation !== '' && { annotation: config.annotation }),
    get files() {
      const folder = `[${vm.home.datastoreName}] ${vm.home.folder}/`;
      return {
        vmPathName: `${homePath(vm)}.vmx`,
        snapshotDirectory: folder,
        suspendDirectory: folder,
        logDirectory: folder,
      };
    },
    get tools() {
      return {
        toolsVersion: vm.tools === 'missing' ? 0 : 12_416,
        afterPowerOn: true,
        afterResume: true,
        beforeGuestStandby: true,
        beforeGuestShutdown: true,
        toolsUpgradePolicy: 'manual',
        syncTimeWithHost: false,
      };
    },
    get flags() {
      return {
        disableAcceleration: false,
        enableLogging: true,
        useToe: false,
        runWithDebugInfo: false,
        monitorType: 'release',
        htSharing: 'any',
        snapshotDisabled: config.snapshotsDisabled,
        snapshotLocked: config.snapshotsLocked,
        diskUuidEnabled: false,
        virtualMmuUsage: 'automatic',
        virtualExecUsage: 'hvAuto',
        snapshotPowerOffBehavior: 'powerOff',
      };
    },
    get defaultPowerOps() {
      return {
        powerOffType: 'soft',
        suspendType: 'hard',
        resetType: 'soft',
        defaultPowerOffType: 'soft',
        defaultSuspendType: 'hard',
        defaultResetType: 'soft',
        standbyAction: 'checkpoint',
      };
    },
    get hardware() {
      return {
        numCPU: config.cpus,
        numCoresPerSocket: config.coresPerSocket,
        memoryMB: config.memoryMb,
        virtualICH7MPresent: false,
        virtualSMCPresent: false,
        get device(): VirtualDevice[] {
          return devicesOf(vm, config, leaves);
        },
      };
    },
    cpuAllocation: unlimited,
    memoryAllocation: unlimited,
    memoryHotAddEnabled: false,
    cpuHotAddEnabled: false,
    cpuHotRemoveEnabled: false,
    get extraConfig() {
      return [...config.extraConfig].map(([key, value]) => typed(OptionValue, { key, value }));
    },
    get datastoreUrl() {
      const datastore = viewer.registry.find('Datastore', vm.home.datastore.value);
      const name = datastore?.state.name ?? vm.home.datastoreName;
      return [{ name, url: `/vmfs/volumes/${vm.home.datastore.value}` }];
    },
    swapPlacement: 'inherit',
    changeTrackingEnabled: config.changeTracking,
    firmware: 'efi',
    guestAutoLockEnabled: true,
    ...(vm.managedBy !== undefined && { managedBy: vm.managedBy }),
    memoryReservationLockedToMax: false,
    nestedHVEnabled: false,
    vPMCEnabled: false,
  };
}
