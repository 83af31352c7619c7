import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import { canSee } from '../access/accessControl';
import { reportedAccount } from '../access/accountName';
import type { EntityKind } from '../model/states';
import { escapeName } from '../state/names';
import type { PropertyTable } from './propertyTable';
import type { Viewer } from './viewer';

/** The references that the reader may know of. */
export function visible(refs: readonly ManagedObjectReference[], viewer: Viewer): readonly ManagedObjectReference[] {
  if (viewer.access.readsEverything) {
    return refs;
  }
  const shown = refs.filter((ref) => isVisible(ref, viewer));
  return shown.length === refs.length ? refs : shown;
}

/** A reference, unless its object is hidden from the reader. */
export function ifVisible(ref: ManagedObjectReference | undefined, viewer: Viewer): ManagedObjectReference | undefined {
  return ref !== undefined && (viewer.access.readsEverything || isVisible(ref, viewer)) ? ref : undefined;
}

function isVisible(ref: ManagedObjectReference, viewer: Viewer): boolean {
  const entity = viewer.registry.resolveEntity(ref);
  return entity !== undefined && canSee(viewer.access, entity);
}

/** What everything in the inventory has. */
export const entityProperties: PropertyTable<EntityKind> = {
  alarmActionsEnabled: () => true,
  configStatus: () => 'green',
  effectiveRole: ({ ref }, viewer) => {
    const entity = viewer.registry.resolveEntity(ref);
    return entity === undefined ? [] : viewer.access.rolesOn(entity).map((role) => role.id);
  },
  name: ({ state }) => escapeName(state.name),
  overallStatus: () => 'green',
  parent: ({ state }, viewer) => ifVisible(state.parent, viewer),
  permission: ({ ref }, viewer) =>
    viewer.service.accessControl.permissions
      .filter(({ entity }) => entity.ref.key === ref.key)
      .map(({ entity, principal, roleId, propagate }) => ({
        entity: entity.ref,
        principal: reportedAccount(principal),
        group: false,
        roleId,
        propagate,
      })),
  recentTask: ({ ref }, viewer) => viewer.service.recentTasks(ref),
};
