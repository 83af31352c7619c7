import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import type {
  GuestInfo,
  VirtualMachineCapability,
  VirtualMachineQuickStats,
  VirtualMachineRuntimeInfo,
  VirtualMachineSummary,
} from '../../vsphere/vim/virtualMachine';
import { escapeName } from '../state/names';
import { homePath } from '../state/snapshotOperations';
import { type Question, toolsRunning, type VmState } from '../state/vmState';
import { optionalDateTime, type Viewer } from './viewer';
import { storageSummary } from './vmLayout';

// `runtime`, `guest`, `summary` and `capability` of a VM.

export function runtimeInfo(vm: VmState): VirtualMachineRuntimeInfo {
  const isOn = vm.power === 'poweredOn';
  const mhz = vm.config.cpus * 2_400;
  return {
    device: [],
    host: vm.host,
    connectionState: vm.connection,
    powerState: vm.power,
    faultToleranceState: vm.faultTolerance ? (isOn ? 'running' : 'enabled') : 'notConfigured',
    toolsInstallerMounted: false,
    suspendTime: optionalDateTime(vm.suspendedAtMs),
    bootTime: optionalDateTime(vm.bootedAtMs),
    suspendInterval: 0,
    question: vm.question === undefined ? undefined : questionInfo(vm.question),
    memoryOverhead: isOn ? 61_853_696 : undefined,
    maxCpuUsage: isOn ? mhz : undefined,
    maxMemoryUsage: isOn ? vm.config.memoryMb : undefined,
    numMksConnections: 0,
    recordReplayState: 'inactive',
    cleanPowerOff: isOn ? undefined : true,
    onlineStandby: false,
    consolidationNeeded: vm.consolidationNeeded,
    paused: false,
    snapshotInBackground: false,
    quiescedForkParent: false,
    instantCloneFrozen: false,
  };
}

function questionInfo(question: Question): VirtualMachineRuntimeInfo['question'] {
  return {
    id: question.id,
    text: question.text,
    choice: {
      choiceInfo: question.choices.map(({ key, label }) => ({ key, label, summary: label })),
      defaultIndex: question.defaultIndex,
    },
  };
}

function toolsStatus(
  vm: VmState,
): Pick<GuestInfo, 'toolsStatus' | 'toolsVersionStatus' | 'toolsVersionStatus2' | 'toolsRunningStatus'> {
  const isRunning = toolsRunning(vm);
  if (vm.tools === 'missing') {
    return {
      toolsStatus: 'toolsNotInstalled',
      toolsVersionStatus: 'guestToolsNotInstalled',
      toolsVersionStatus2: 'guestToolsNotInstalled',
      toolsRunningStatus: 'guestToolsNotRunning',
    };
  }
  return {
    toolsStatus: isRunning ? 'toolsOk' : 'toolsNotRunning',
    toolsVersionStatus: 'guestToolsCurrent',
    toolsVersionStatus2: 'guestToolsCurrent',
    toolsRunningStatus: isRunning ? 'guestToolsRunning' : 'guestToolsNotRunning',
  };
}

export function guestInfo(vm: VmState): GuestInfo {
  const isRunning = toolsRunning(vm);
  const { hostName, ipAddress, config } = vm;
  return {
    ...toolsStatus(vm),
    toolsVersion: vm.tools === 'missing' ? '0' : '12416',
    toolsInstallType: vm.tools === 'missing' ? 'guestToolsTypeUnknown' : 'guestToolsTypeMSI',
    ...(isRunning && {
      guestId: config.guestId,
      guestFamily: config.guestId.startsWith('win') ? 'windowsGuest' : 'linuxGuest',
      guestFullName: config.guestName,
      hostName,
      ipAddress,
    }),
    net: isRunning
      ? config.nics.map((nic) => ({
          network: escapeName(nic.networkName),
          ipAddress: ipAddress === undefined ? [] : [ipAddress],
          macAddress: nic.macAddress,
          connected: true,
          deviceConfigId: nic.key,
        }))
      : [],
    disk: [],
    guestState: isRunning ? 'running' : 'notRunning',
    appHeartbeatStatus: 'appStatusGray',
    guestKernelCrashed: false,
    appState: 'none',
    guestOperationsReady: isRunning,
    interactiveGuestOperationsReady: false,
    guestStateChangeSupported: isRunning,
  };
}

function quickStats(vm: VmState, nowMs: number): VirtualMachineQuickStats {
  const isOn = vm.power === 'poweredOn';
  return {
    overallCpuUsage: isOn ? vm.config.cpus * 85 : 0,
    overallCpuDemand: isOn ? vm.config.cpus * 92 : 0,
    guestMemoryUsage: isOn ? Math.floor(vm.config.memoryMb / 5) : 0,
    hostMemoryUsage: isOn ? vm.config.memoryMb : 0,
    guestHeartbeatStatus: toolsRunning(vm) ? 'green' : 'gray',
    uptimeSeconds: vm.bootedAtMs === undefined ? 0 : Math.max(0, Math.floor((nowMs - vm.bootedAtMs) / 1_000)),
  };
}

type Summary = VirtualMachineSummary;

/** `summary`. Each part is made when it is looked at: of large inventories, most readers ask for a few fields of it. */
export class SummaryInfo implements Summary {
  constructor(
    private readonly state: VmState,
    readonly vm: ManagedObjectReference,
    private readonly viewer: Viewer,
  ) {}

  get runtime(): Summary['runtime'] {
    return runtimeInfo(this.state);
  }

  get guest(): Summary['guest'] {
    const { state } = this;
    return {
      ...toolsStatus(state),
      ...(toolsRunning(state) && {
        guestId: state.config.guestId,
        guestFullName: state.config.guestName,
        hostName: state.hostName,
        ipAddress: state.ipAddress,
      }),
    };
  }

  get config(): Summary['config'] {
    const { state } = this;
    const { config } = state;
    const isKnown = state.connection === 'connected' || state.connection === 'disconnected';
    return {
      name: escapeName(state.name),
      template: state.isTemplate,
      vmPathName: `${homePath(state)}.vmx`,
      // An inaccessible VM keeps its name and little else.
      ...(isKnown && {
        memorySizeMB: config.memoryMb,
        cpuReservation: 0,
        memoryReservation: 0,
        numCpu: config.cpus,
        numEthernetCards: config.nics.length,
        numVirtualDisks: config.disks.length,
        uuid: state.uuid,
        instanceUuid: state.instanceUuid,
        guestId: config.guestId,
        guestFullName: config.guestName,
        annotation: config.annotation,
        installBootRequired: false,
        managedBy: state.managedBy,
        tpmPresent: false,
        numVmiopBackings: 0,
        hwVersion: config.hardwareVersion,
      }),
    };
  }

  get storage(): Summary['storage'] {
    return storageSummary(this.state, this.viewer);
  }

  get quickStats(): Summary['quickStats'] {
    return quickStats(this.state, this.viewer.nowMs);
  }

  get overallStatus(): Summary['overallStatus'] {
    return this.state.connection === 'connected' ? 'green' : 'gray';
  }
}

/** Every flag as a real server of 8.0 answers for a VM on an ordinary host. */
export function capability(vm: VmState): VirtualMachineCapability {
  return {
    snapshotOperationsSupported: true,
    multipleSnapshotsSupported: true,
    snapshotConfigSupported: true,
    poweredOffSnapshotsSupported: true,
    memorySnapshotsSupported: true,
    revertToSnapshotSupported: true,
    quiescedSnapshotsSupported: true,
    disableSnapshotsSupported: false,
    lockSnapshotsSupported: false,
    consolePreferencesSupported: false,
    cpuFeatureMaskSupported: true,
    s1AcpiManagementSupported: true,
    settingScreenResolutionSupported: false,
    toolsAutoUpdateSupported: false,
    vmNpivWwnSupported: true,
    npivWwnOnNonRdmVmSupported: true,
    vmNpivWwnDisableSupported: true,
    vmNpivWwnUpdateSupported: true,
    swapPlacementSupported: true,
    toolsSyncTimeSupported: true,
    virtualMmuUsageSupported: true,
    diskSharesSupported: true,
    bootOptionsSupported: true,
    bootRetryOptionsSupported: true,
    settingVideoRamSizeSupported: true,
    settingDisplayTopologySupported: false,
    recordReplaySupported: false,
    changeTrackingSupported: true,
    multipleCoresPerSocketSupported: true,
    hostBasedReplicationSupported: true,
    guestAutoLockSupported: true,
    memoryReservationLockSupported: true,
    featureRequirementSupported: true,
    poweredOnMonitorTypeChangeSupported: true,
    seSparseDiskSupported: false,
    nestedHVSupported: true,
    vPMCSupported: true,
    secureBootSupported: true,
    perVmEvcSupported: true,
    virtualMmuUsageIgnored: false,
    virtualExecUsageIgnored: false,
    diskOnlySnapshotOnSuspendedVMSupported: vm.diskOnlySnapshotWhenSuspended,
  };
}
