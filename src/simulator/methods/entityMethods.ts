import {
  CreateFolder,
  Destroy_Task,
  MoveIntoFolder_Task,
  RefreshDatastore,
  Reload,
  Rename_Task,
} from '../../vsphere/vim/lifecycle';
import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import { read } from '../access/privileges';
import { faultError, invalidArgument } from '../faultError';
import { childNamed, isUnder } from '../model/inventoryPaths';
import { type Entity, isKind, type ManagedObject } from '../model/registry';
import { entityKinds, type EntityKind } from '../model/states';
import { relocateVm, removeVm, updateVm } from '../model/vmStore';
import { type Call, serve, type ServedMethod, sessionOf } from '../server/call';
import { plainName } from '../state/names';
import { destroyMs, renameMs } from '../state/workDurations';
import type { Stage } from '../tasks/taskRunner';

type EntityCall = Call<EntityKind>;

const renamePrivileges: Readonly<Partial<Record<EntityKind, string>>> = {
  VirtualMachine: 'VirtualMachine.Config.Rename',
  Folder: 'Folder.Rename',
  Datacenter: 'Datacenter.Rename',
  Datastore: 'Datastore.Rename',
  ResourcePool: 'Resource.RenamePool',
  VirtualApp: 'VApp.Rename',
};

const destroyPrivileges: Readonly<Partial<Record<EntityKind, string>>> = {
  VirtualMachine: 'VirtualMachine.Inventory.Delete',
  Folder: 'Folder.Delete',
};

function requirePrivilege(call: Call, entity: Entity, privilege: string | undefined): void {
  if (privilege === undefined) {
    throw faultError('NotSupported');
  }
  if (!sessionOf(call).access.has(entity, privilege)) {
    throw faultError('NoPermission', {
      object: entity.ref,
      privilegeId: privilege,
      missingPrivileges: [{ entity: entity.ref, privilegeIds: [privilege] }],
    });
  }
}

function start(call: Call, entity: Entity, begin: () => Stage): ManagedObjectReference {
  return call.server.tasks.start({
    method: call.method.name,
    entity,
    userName: sessionOf(call).userName,
    operationId: call.caller.operationId,
    locks: true,
    begin,
  });
}

/** @throws FaultError DuplicateName when the folder has another child of that name. */
function checkNameIsFree(call: Call, folder: Entity | undefined, name: string, own?: Entity): void {
  const other = folder === undefined ? undefined : childNamed(call.server.registry, folder, name);
  if (other !== undefined && other !== own) {
    throw faultError('DuplicateName', { name, object: other.ref });
  }
}

function rename(call: EntityCall, newName: string): ManagedObjectReference {
  const { server } = call;
  const entity = call.target as Entity;
  requirePrivilege(call, entity, renamePrivileges[entity.kind]);
  const name = plainName(newName);
  if (name === '') {
    throw faultError('InvalidName', { name: newName });
  }
  return start(call, entity, () => ({
    phase: 'Renaming',
    durationMs: renameMs,
    finish: () => {
      checkNameIsFree(call, server.registry.resolveEntity(entity.state.parent), name, entity);
      if (isKind(entity, 'VirtualMachine')) {
        updateVm(server.registry, entity, (state) => ({ ...state, name }));
      } else {
        server.registry.update((change) => {
          change.set(entity, { ...entity.state, name });
        });
      }
      return { result: undefined };
    },
  }));
}

function destroy(call: EntityCall): ManagedObjectReference {
  const { server } = call;
  const entity = call.target as Entity;
  requirePrivilege(call, entity, destroyPrivileges[entity.kind]);
  return start(call, entity, () => ({
    phase: 'Deleting',
    durationMs: destroyMs,
    finish: () => {
      if (isKind(entity, 'VirtualMachine')) {
        if (entity.state.power !== 'poweredOff') {
          throw faultError('InvalidPowerState', { requestedState: 'poweredOff', existingState: entity.state.power });
        }
        server.registry.update((change) => {
          removeVm(server.registry, change, entity, true);
        });
      } else if (isKind(entity, 'Folder')) {
        destroyFolder(call, entity);
      }
      return { result: undefined };
    },
  }));
}

function destroyFolder({ server }: Call, folder: ManagedObject<'Folder'>): void {
  const parent = server.registry.resolveEntity(folder.state.parent);
  // Folders that a datacenter needs, and those with something in them, stay.
  if (parent === undefined || !isKind(parent, 'Folder') || folder.state.children.length > 0) {
    throw faultError('InvalidState');
  }
  server.registry.update((change) => {
    change.set(parent, { ...parent.state, children: parent.state.children.filter((ref) => ref !== folder.ref) });
    change.remove(folder);
  });
}

function createFolder(call: Call<'Folder'>, sentName: string): ManagedObjectReference {
  const { server, target: parent } = call;
  const name = plainName(sentName);
  if (name === '') {
    throw faultError('InvalidName', { name });
  }
  checkNameIsFree(call, parent, name);
  return server.registry.update((change) => {
    const state = { name, parent: parent.ref, childType: parent.state.childType, children: [] };
    const folder = change.add('Folder', server.ids.next('Folder'), state);
    change.set(parent, { ...parent.state, children: [...parent.state.children, folder.ref] });
    return folder.ref;
  });
}

function moveInto(call: Call<'Folder'>, refs: readonly ManagedObjectReference[]): ManagedObjectReference {
  const { server, target: folder } = call;
  const entities = refs.map((ref) => {
    const entity = server.registry.resolveEntity(ref);
    if (entity === undefined) {
      throw faultError('ManagedObjectNotFound', { obj: ref });
    }
    if (!isKind(entity, 'VirtualMachine', 'Folder') || entity === folder || isUnder(server.registry, folder, ref)) {
      throw invalidArgument('list');
    }
    return entity;
  });
  return start(call, folder, () => ({
    phase: 'Moving',
    durationMs: renameMs,
    finish: () => {
      for (const entity of entities) {
        checkNameIsFree(call, folder, entity.state.name, entity);
        moveOne(call, entity, folder);
      }
      return { result: undefined };
    },
  }));
}

function moveOne(
  { server }: Call,
  entity: ManagedObject<'VirtualMachine' | 'Folder'>,
  folder: ManagedObject<'Folder'>,
): void {
  server.registry.update((change) => {
    if (isKind(entity, 'VirtualMachine')) {
      relocateVm(server.registry, change, entity, { parent: folder.ref });
      return;
    }
    const moved = entity as ManagedObject<'Folder'>;
    const from = server.registry.resolveEntity(moved.state.parent);
    if (from !== undefined && isKind(from, 'Folder')) {
      change.set(from, { ...from.state, children: from.state.children.filter((ref) => ref !== moved.ref) });
    }
    change.set(folder, { ...folder.state, children: [...folder.state.children, moved.ref] });
    change.set(moved, { ...moved.state, parent: folder.ref });
  });
}

export const entityMethods: readonly ServedMethod[] = [
  serve(Rename_Task, entityKinds, undefined, (call, { newName }) => rename(call, newName)),
  serve(Destroy_Task, entityKinds, undefined, destroy),
  serve(Reload, entityKinds, read, () => undefined),
  serve(RefreshDatastore, ['Datastore'], read, () => undefined),
  serve(CreateFolder, ['Folder'], 'Folder.Create', (call, { name }) => createFolder(call, name), { vcenterOnly: true }),
  serve(MoveIntoFolder_Task, ['Folder'], 'Folder.Move', (call, { list }) => moveInto(call, list), {
    vcenterOnly: true,
  }),
];
