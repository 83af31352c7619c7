import type { ManagedObject } from '../model/registry';
import type { SnapshotObjectState } from '../model/states';
import { bytesByDatastore } from '../state/diskChain';
import { ManagedObjectReference } from '../../vsphere/vim/schema';
import { childrenOf, findSnapshot } from '../state/snapshotTree';
import { toolsRunning, type VmState } from '../state/vmState';
import { entityProperties } from './entityProperties';
import type { PropertyTable } from './propertyTable';
import { ConfigInfo } from './vmConfig';
import { layoutEx, storageInfo } from './vmLayout';
import { snapshotInfo, snapshotRef } from './vmSnapshots';
import { capability, guestInfo, runtimeInfo, SummaryInfo } from './vmSummary';

/** Whether the server can read the VM's files; without them it knows neither configuration nor snapshots. */
function isReadable(vm: VmState): boolean {
  return vm.connection === 'connected' || vm.connection === 'disconnected';
}

// Methods that a VM's power state rules out, as `disabledMethod` lists them.
const disabledByPower: Readonly<Record<VmState['power'], readonly string[]>> = {
  poweredOn: ['PowerOnVM_Task', 'MarkAsTemplate', 'UnregisterVM', 'Destroy_Task', 'MarkAsVirtualMachine', 'AnswerVM'],
  poweredOff: [
    'PowerOffVM_Task',
    'SuspendVM_Task',
    'ResetVM_Task',
    'ShutdownGuest',
    'RebootGuest',
    'StandbyGuest',
    'MarkAsVirtualMachine',
    'AnswerVM',
  ],
  suspended: [
    'SuspendVM_Task',
    'ResetVM_Task',
    'ShutdownGuest',
    'RebootGuest',
    'StandbyGuest',
    'MarkAsTemplate',
    'AnswerVM',
  ],
};

function disabledMethods(vm: VmState): string[] {
  const byPower = disabledByPower[vm.power];
  const byQuestion = vm.question === undefined ? byPower : byPower.filter((method) => method !== 'AnswerVM');
  // Duplicates stay, as on a real server, where each source adds its own.
  return [...byQuestion, ...vm.disabledMethods.map(({ method }) => method)];
}

export const vmProperties: PropertyTable<'VirtualMachine'> = {
  ...entityProperties,
  capability: ({ state }) => capability(state),
  config: ({ state }, viewer) =>
    isReadable(state) ? new ConfigInfo(state, state.config, state.leaves, viewer) : undefined,
  datastore: ({ state }) =>
    [...bytesByDatastore(state).keys()].map((id) => new ManagedObjectReference('Datastore', id)),
  disabledMethod: ({ state }) => disabledMethods(state),
  guest: ({ state }) => guestInfo(state),
  guestHeartbeatStatus: ({ state }) => (toolsRunning(state) ? 'green' : 'gray'),
  layoutEx: ({ state }, viewer) => (isReadable(state) ? layoutEx(state, viewer) : undefined),
  network: ({ state }) => [...new Set(state.config.nics.map((nic) => nic.network))],
  parentVApp: ({ state }) => state.parentVApp,
  resourcePool: ({ state }) => state.resourcePool,
  rootSnapshot: ({ state }) => childrenOf(state, undefined).map(({ id }) => snapshotRef(id)),
  runtime: ({ state }) => runtimeInfo(state),
  snapshot: ({ state, ref }) => (isReadable(state) ? snapshotInfo(state, ref) : undefined),
  storage: ({ state }, viewer) => (isReadable(state) ? storageInfo(state, viewer) : undefined),
  summary: ({ state, ref }, viewer) => new SummaryInfo(state, ref, viewer),
};

function own(object: Pick<ManagedObject<'VirtualMachineSnapshot'>, 'ref'> & { readonly state: SnapshotObjectState }) {
  return findSnapshot(object.state.vmState, object.ref.value);
}

export const snapshotProperties: PropertyTable<'VirtualMachineSnapshot'> = {
  childSnapshot: ({ state, ref }) => childrenOf(state.vmState, ref.value).map(({ id }) => snapshotRef(id)),
  config: (object, viewer) => {
    const snapshot = own(object);
    return snapshot === undefined
      ? undefined
      : new ConfigInfo(object.state.vmState, snapshot.config, snapshot.disks, viewer);
  },
  vm: ({ state }) => state.vm,
};
