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

type Info = VirtualMachineConfigInfo;

/**
 * `config` of a VM, or of one of its snapshots.
 *
 * @remarks Each part is made when it is looked at: most readers ask for `config.template` alone, of every VM.
 */
export class ConfigInfo implements Info {
  /**
   * @param leaves - the file of each disk at the time of the configuration
   */
  constructor(
    private readonly vm: VmState,
    private readonly captured: VmConfig,
    private readonly leaves: ReadonlyMap<number, number>,
    private readonly viewer: Viewer,
  ) {}

  get changeVersion(): Info['changeVersion'] {
    return `${dateTime(this.vm.configModifiedAtMs)}#${this.vm.changeVersion}`;
  }

  get modified(): Info['modified'] {
    return dateTime(this.vm.configModifiedAtMs);
  }

  get name(): Info['name'] {
    return escapeName(this.vm.name);
  }

  get guestFullName(): Info['guestFullName'] {
    return this.captured.guestName;
  }

  get version(): Info['version'] {
    return this.captured.hardwareVersion;
  }

  get uuid(): Info['uuid'] {
    return this.vm.uuid;
  }

  get createDate(): Info['createDate'] {
    return dateTime(this.vm.createdAtMs);
  }

  get instanceUuid(): Info['instanceUuid'] {
    return this.vm.instanceUuid;
  }

  get template(): Info['template'] {
    return this.vm.isTemplate;
  }

  get guestId(): Info['guestId'] {
    return this.captured.guestId;
  }

  get alternateGuestName(): Info['alternateGuestName'] {
    return '';
  }

  get annotation(): Info['annotation'] {
    return this.captured.annotation === '' ? undefined : this.captured.annotation;
  }

  get files(): Info['files'] {
    const folder = `[${this.vm.home.datastoreName}] ${this.vm.home.folder}/`;
    return {
      vmPathName: `${homePath(this.vm)}.vmx`,
      snapshotDirectory: folder,
      suspendDirectory: folder,
      logDirectory: folder,
    };
  }

  get tools(): Info['tools'] {
    return {
      toolsVersion: this.vm.tools === 'missing' ? 0 : 12_416,
      afterPowerOn: true,
      afterResume: true,
      beforeGuestStandby: true,
      beforeGuestShutdown: true,
      toolsUpgradePolicy: 'manual',
      syncTimeWithHost: false,
    };
  }

  get flags(): Info['flags'] {
    return {
      disableAcceleration: false,
      enableLogging: true,
      useToe: false,
      runWithDebugInfo: false,
      monitorType: 'release',
      htSharing: 'any',
      snapshotDisabled: this.captured.snapshotsDisabled,
      snapshotLocked: this.captured.snapshotsLocked,
      diskUuidEnabled: false,
      virtualMmuUsage: 'automatic',
      virtualExecUsage: 'hvAuto',
      snapshotPowerOffBehavior: 'powerOff',
    };
  }

  get defaultPowerOps(): Info['defaultPowerOps'] {
    return {
      powerOffType: 'soft',
      suspendType: 'hard',
      resetType: 'soft',
      defaultPowerOffType: 'soft',
      defaultSuspendType: 'hard',
      defaultResetType: 'soft',
      standbyAction: 'checkpoint',
    };
  }

  get hardware(): Info['hardware'] {
    const { vm, captured, leaves } = this;
    return {
      numCPU: captured.cpus,
      numCoresPerSocket: captured.coresPerSocket,
      memoryMB: captured.memoryMb,
      virtualICH7MPresent: false,
      virtualSMCPresent: false,
      get device(): VirtualDevice[] {
        return devicesOf(vm, captured, leaves);
      },
    };
  }

  get cpuAllocation(): Info['cpuAllocation'] {
    return unlimited;
  }

  get memoryAllocation(): Info['memoryAllocation'] {
    return unlimited;
  }

  get memoryHotAddEnabled(): Info['memoryHotAddEnabled'] {
    return false;
  }

  get cpuHotAddEnabled(): Info['cpuHotAddEnabled'] {
    return false;
  }

  get cpuHotRemoveEnabled(): Info['cpuHotRemoveEnabled'] {
    return false;
  }

  get extraConfig(): Info['extraConfig'] {
    return [...this.captured.extraConfig].map(([key, value]) => typed(OptionValue, { key, value }));
  }

  get datastoreUrl(): Info['datastoreUrl'] {
    const datastore = this.viewer.registry.find('Datastore', this.vm.home.datastore.value);
    const name = datastore?.state.name ?? this.vm.home.datastoreName;
    return [{ name, url: `/vmfs/volumes/${this.vm.home.datastore.value}` }];
  }

  get swapPlacement(): Info['swapPlacement'] {
    return 'inherit';
  }

  get changeTrackingEnabled(): Info['changeTrackingEnabled'] {
    return this.captured.changeTracking;
  }

  get firmware(): Info['firmware'] {
    return 'efi';
  }

  get guestAutoLockEnabled(): Info['guestAutoLockEnabled'] {
    return true;
  }

  get managedBy(): Info['managedBy'] {
    return this.vm.managedBy;
  }

  get memoryReservationLockedToMax(): Info['memoryReservationLockedToMax'] {
    return false;
  }

  get nestedHVEnabled(): Info['nestedHVEnabled'] {
    return false;
  }

  get vPMCEnabled(): Info['vPMCEnabled'] {
    return false;
  }
}
