import type { InventoryBuilder } from '../inventory/inventoryBuilder';
import { withLeftovers } from '../inventory/snapshotHistory';
import { relocateVm, removeVm, updateVm } from '../model/vmStore';
import type { VimServer } from '../server/vimServer';
import { consolidate } from '../state/leftovers';
import {
  changePower,
  forgetSnapshots,
  renameSnapshot,
  revertToSnapshot,
  settled,
  takeSnapshot,
} from '../state/snapshotOperations';
import { withDescendants } from '../state/snapshotTree';
import { bytesPerGb, type VmState } from '../state/vmState';
import type { ControlCommand } from './controlSchema';
import { entityAt, folderAt, isNamed, required, snapshotId, vmNamed } from './namedObjects';

type CommandOf<Name extends ControlCommand['command']> = Extract<ControlCommand, { readonly command: Name }>;

// Changes that come from nowhere: what another administrator, a backup product or a failing part of the hardware does.
// They take effect at once, without a task.

/** Adds a VM; gives its id. */
export function addVmCommand(builder: InventoryBuilder, { name, folder, power, memoryMb }: CommandOf<'addVm'>): string {
  const place = folderAt(builder.server, folder);
  const datacenter = builder.datacenterOf(place);
  const spec = { name, ...(power !== undefined && { power }), ...(memoryMb !== undefined && { memoryMb }) };
  return builder.vm(datacenter, spec, { folder: place }).ref.value;
}

export function removeVmCommand(server: VimServer, { vm }: CommandOf<'removeVm'>): void {
  server.registry.update((change) => {
    removeVm(server.registry, change, vmNamed(server, vm), true);
  });
}

export function changeVmCommand(server: VimServer, { vm, change }: CommandOf<'changeVm'>): void {
  updateVm(server.registry, vmNamed(server, vm), (state) => {
    const powered = change.power === undefined ? state : changePower(state, change.power, server.clock.now());
    return {
      ...powered,
      name: change.name ?? state.name,
      connection: change.connection ?? state.connection,
      tools: change.tools ?? state.tools,
      question: change.question === undefined ? state.question : (change.question ?? undefined),
      disabledMethods: change.disabledMethods ?? state.disabledMethods,
      trouble: {
        lockedFile: change.lockedFile === undefined ? state.trouble.lockedFile : (change.lockedFile ?? undefined),
        quiesceFails:
          change.quiesceFails === undefined ? state.trouble.quiesceFails : (change.quiesceFails ?? undefined),
      },
      changeBytesPerHour:
        change.changeGbPerHour === undefined ? state.changeBytesPerHour : change.changeGbPerHour * bytesPerGb,
    };
  });
}

export function moveVmCommand(server: VimServer, { vm, folder }: CommandOf<'moveVm'>): void {
  server.registry.update((change) => {
    relocateVm(server.registry, change, vmNamed(server, vm), { parent: folderAt(server, folder).ref });
  });
}

export function migrateVmCommand(server: VimServer, { vm, host }: CommandOf<'migrateVm'>): void {
  const target = required([...server.registry.all('HostSystem')].find(isNamed(host)));
  server.registry.update((change) => {
    relocateVm(server.registry, change, vmNamed(server, vm), { host: target.ref });
  });
}

/** Takes a snapshot; gives its id. */
export function takeSnapshotCommand(server: VimServer, command: CommandOf<'takeSnapshot'>): string {
  const vm = vmNamed(server, command.vm);
  const id = server.ids.snapshot(vm.ref.value, vm.state.nextSnapshotNumber);
  const request = {
    name: command.name,
    description: command.description ?? '',
    memory: command.memory ?? false,
    quiesce: false,
  };
  updateVm(server.registry, vm, (state) => takeSnapshot(state, request, id, server.clock.now()));
  return id;
}

export function renameSnapshotCommand(server: VimServer, command: CommandOf<'renameSnapshot'>): void {
  const vm = vmNamed(server, command.vm);
  const id = snapshotId(vm, command.snapshot);
  updateVm(server.registry, vm, (state) => renameSnapshot(state, id, { name: command.name, description: undefined }));
}

export function revertCommand(server: VimServer, command: CommandOf<'revertToSnapshot'>): void {
  const vm = vmNamed(server, command.vm);
  const id = snapshotId(vm, command.snapshot);
  updateVm(server.registry, vm, (state) => revertToSnapshot(state, id, false, server.clock.now()));
}

export function removeSnapshotCommand(server: VimServer, command: CommandOf<'removeSnapshot'>): void {
  const vm = vmNamed(server, command.vm);
  const id = snapshotId(vm, command.snapshot);
  const ids = command.removeChildren === true ? withDescendants(vm.state, id) : new Set([id]);
  const finish = (state: VmState): VmState => (command.consolidate === false ? settled(state) : consolidate(state).vm);
  updateVm(server.registry, vm, (state) => finish(forgetSnapshots(state, ids, server.clock.now())));
}

export function leaveDisksCommand(server: VimServer, { vm, count }: CommandOf<'leaveDisks'>): void {
  updateVm(server.registry, vmNamed(server, vm), (state) => withLeftovers(state, count ?? 1, 1));
}

export function setFreeSpaceCommand(server: VimServer, { datastore, bytes }: CommandOf<'setFreeSpace'>): void {
  const object = required([...server.registry.all('Datastore')].find(isNamed(datastore)));
  server.registry.update((change) => {
    change.set(object, { ...object.state, usedBytes: object.state.capacityBytes - bytes });
  });
}

export function changeHostCommand(server: VimServer, command: CommandOf<'changeHost'>): void {
  const host = required([...server.registry.all('HostSystem')].find(isNamed(command.host)));
  server.registry.update((change) => {
    change.set(host, {
      ...host.state,
      connection: command.connection ?? host.state.connection,
      inMaintenance: command.inMaintenance ?? host.state.inMaintenance,
    });
  });
}

export function grantCommand(server: VimServer, { user, role, on, propagate }: CommandOf<'grant'>): void {
  const { accessControl } = server;
  const entity = on === undefined ? server.registry.resolveEntity(server.content.rootFolder) : entityAt(server, on);
  if (role === null) {
    accessControl.revoke(required(entity), user);
  } else {
    accessControl.grant(required(entity), user, required(accessControl.role(role)).id, propagate ?? true);
  }
  server.refreshAccess();
}
