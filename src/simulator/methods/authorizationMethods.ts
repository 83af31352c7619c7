import type { ManagedObjectReference } from '../../vsphere/vim/schema';
import {
  FetchUserPrivilegeOnEntities,
  HasPrivilegeOnEntities,
  HasPrivilegeOnEntity,
  type Permission,
  RetrieveAllPermissions,
  RetrieveEntityPermissions,
} from '../../vsphere/vim/service';
import { parentsOf } from '../access/accessControl';
import { reportedAccount } from '../access/accountName';
import { read, view } from '../access/privileges';
import { faultError } from '../faultError';
import type { Entity } from '../model/registry';
import { type Call, serve, type ServedMethod } from '../server/call';
import type { Session } from '../session/session';

type Ref = ManagedObjectReference;
const vcenterOnly = { vcenterOnly: true } as const;

function entityOf(call: Call, ref: Ref): Entity {
  const entity = call.server.registry.resolveEntity(ref);
  if (entity === undefined) {
    throw faultError('ManagedObjectNotFound', { obj: ref });
  }
  return entity;
}

/** The entity, if the caller may read it: asking about others' objects needs that. */
function readableEntity(call: Call, ref: Ref): Entity {
  const entity = entityOf(call, ref);
  if (!call.viewer().access.has(entity, read)) {
    throw faultError('NoPermission', {
      object: ref,
      privilegeId: read,
      missingPrivileges: [{ entity: ref, privilegeIds: [read] }],
    });
  }
  return entity;
}

function sessionByKey(call: Call, key: string): Session {
  const session = call.server.sessionStore.byKey(key);
  if (session === undefined) {
    throw faultError('NotAuthenticated', { missingPrivileges: [] });
  }
  return session;
}

function permissionsOn(call: Call, entity: Entity, inherited: boolean): Permission[] {
  const { registry } = call.server;
  const entities = [entity];
  for (let at = parentsOf(registry, entity); inherited && at.length > 0;) {
    entities.push(...at);
    at = at.flatMap((parent) => parentsOf(registry, parent)).filter((parent) => !entities.includes(parent));
  }
  return allPermissions(call).filter((permission) => entities.some((each) => permission.entity?.key === each.ref.key));
}

function allPermissions(call: Call): Permission[] {
  return call.server.accessControl.permissions.map(({ entity, principal, roleId, propagate }) => ({
    entity: entity.ref,
    principal: reportedAccount(principal),
    group: false,
    roleId,
    propagate,
  }));
}

export const authorizationMethods: readonly ServedMethod[] = [
  serve(
    HasPrivilegeOnEntity,
    ['AuthorizationManager'],
    view,
    (call, { entity, sessionId, privId }) => {
      const { access } = sessionByKey(call, sessionId);
      const object = readableEntity(call, entity);
      return privId.map((id) => access.has(object, id));
    },
    vcenterOnly,
  ),
  serve(
    HasPrivilegeOnEntities,
    ['AuthorizationManager'],
    view,
    (call, { entity, sessionId, privId }) => {
      const { access } = sessionByKey(call, sessionId);
      return entity.map((ref) => {
        const object = readableEntity(call, ref);
        return {
          entity: ref,
          privAvailability: privId.map((id) => ({ privId: id, isGranted: access.has(object, id) })),
        };
      });
    },
    vcenterOnly,
  ),
  serve(
    FetchUserPrivilegeOnEntities,
    ['AuthorizationManager'],
    view,
    (call, { entities, userName }) => {
      const { accessControl } = call.server;
      const access = accessControl.accessOf(userName);
      return entities.map((ref) => {
        const roles = access.rolesOn(readableEntity(call, ref));
        return { entity: ref, privileges: [...new Set(roles.flatMap((role) => [...role.privileges]))] };
      });
    },
    vcenterOnly,
  ),
  serve(RetrieveEntityPermissions, ['AuthorizationManager'], view, (call, { entity, inherited }) =>
    permissionsOn(call, entityOf(call, entity), inherited),
  ),
  serve(RetrieveAllPermissions, ['AuthorizationManager'], view, (call) => allPermissions(call)),
];
