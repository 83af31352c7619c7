import type { MissingProperty, ObjectContent } from '../../vsphere/vim/property';
import { fault, localized } from '../state/faultValues';
import { anonymous } from '../access/privileges';
import type { ManagedObject } from '../model/registry';
import { PropertyReader, readPrivilege } from '../projection/readProperty';
import type { Viewer } from '../projection/viewer';
import type { PropertyPath } from './propertyPath';
import { TypedValue } from './typedValue';

/** Whether the reader may read all properties of an object, so that none has to be asked for. */
export function readsAllOf(object: ManagedObject, viewer: Viewer): boolean {
  // Who else is logged in is the one thing that takes more.
  return viewer.access.readsEverything && object.kind !== 'SessionManager';
}

/** Why the reader does not get a property; undefined when it does. */
export function missing(object: ManagedObject, path: PropertyPath, viewer: Viewer): MissingProperty | undefined {
  const privilege = readPrivilege(object.kind, path);
  if (privilege === anonymous || viewer.access.has(object, privilege)) {
    return undefined;
  }
  const reason =
    viewer.session === undefined
      ? fault('NotAuthenticated', { object: object.ref, privilegeId: privilege, missingPrivileges: [] })
      : fault('NoPermission', {
          object: object.ref,
          privilegeId: privilege,
          missingPrivileges: [{ entity: object.ref, privilegeIds: [privilege] }],
        });
  return { path: path.text, fault: localized(reason) };
}

/** The asked properties of one object. Unset ones are left out, unreadable ones listed apart. */
export function objectContent(object: ManagedObject, paths: readonly PropertyPath[], viewer: Viewer): ObjectContent {
  const propSet: ObjectContent['propSet'][number][] = [];
  const missingSet: MissingProperty[] = [];
  const reader = new PropertyReader(object, object.state, viewer);
  for (const path of paths) {
    const reason = missing(object, path, viewer);
    if (reason !== undefined) {
      missingSet.push(reason);
      continue;
    }
    const value = reader.read(path);
    if (value !== undefined) {
      propSet.push({ name: path.text, val: new TypedValue(path.field, value) });
    }
  }
  return { obj: object.ref, propSet, missingSet };
}
