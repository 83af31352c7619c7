import { findByPath } from '../model/inventoryPaths';
import { type Entity, isKind, type ManagedObject } from '../model/registry';
import type { VimServer } from '../server/vimServer';
import { findSnapshot } from '../state/snapshotTree';

// How commands name objects: by id, or by name where that is enough.

type Vm = ManagedObject<'VirtualMachine'>;

/** The VM of that id, or of that name. @throws Error when there is none or more than one. */
export function vmNamed(server: VimServer, idOrName: string): Vm {
  const byId = server.registry.find('VirtualMachine', idOrName);
  const named = byId === undefined ? [...server.registry.all('VirtualMachine')].filter(isNamed(idOrName)) : [byId];
  const [vm] = named;
  if (vm === undefined || named.length > 1) {
    throw new Error(named.length > 1 ? `Several VMs are called "${idOrName}".` : `There is no VM "${idOrName}".`);
  }
  return vm;
}

export function isNamed(name: string): (object: { readonly state: { readonly name: string } }) => boolean {
  return ({ state }) => state.name === name;
}

/** Id of the snapshot of that id, or of that name. @throws Error when there is none or more than one. */
export function snapshotId(vm: Vm, idOrName: string): string {
  const named = vm.state.snapshots.filter(({ name }) => name === idOrName);
  const id = findSnapshot(vm.state, idOrName)?.id ?? (named.length === 1 ? named[0]?.id : undefined);
  if (id === undefined) {
    throw new Error(`${vm.state.name} has no snapshot "${idOrName}", or several.`);
  }
  return id;
}

/** The same as an object. */
export function snapshotNamed(server: VimServer, vm: Vm, idOrName: string): ManagedObject<'VirtualMachineSnapshot'> {
  return required(server.registry.find('VirtualMachineSnapshot', snapshotId(vm, idOrName)));
}

/** What lies at an inventory path. @throws Error when nothing does. */
export function entityAt(server: VimServer, path: string): Entity {
  const entity = findByPath(server.registry, server.content.rootFolder, path);
  if (entity === undefined) {
    throw new Error(`There is nothing at "${path}".`);
  }
  return entity;
}

/** The folder at an inventory path; without one, where VMs of the first datacenter lie. */
export function folderAt(server: VimServer, path: string | undefined): ManagedObject<'Folder'> {
  const [datacenter] = server.registry.all('Datacenter');
  const folder =
    path === undefined ? server.registry.resolve(required(datacenter).state.vmFolder) : entityAt(server, path);
  if (folder === undefined || !isKind(folder, 'Folder')) {
    throw new Error(`"${path ?? ''}" is no folder.`);
  }
  return folder;
}

export function required<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error('The inventory has no such object.');
  }
  return value;
}
