import type { Entity, ManagedObject, Registry } from '../model/registry';
import { isEntity, isKind } from '../model/registry';
import type { VirtualAppState } from '../model/states';
import type { VmState } from '../state/vmState';
import { accountKey } from './accountName';
import { read, view } from './privileges';
import type { Role } from './roles';

/** One permission: an account has a role on an object, and on what is below it when it propagates. */
export interface PermissionEntry {
  readonly entity: Entity;
  /** As {@link accountKey} gives it. */
  readonly principal: string;
  readonly roleId: number;
  readonly propagate: boolean;
}

/** What one account may do. */
export interface Access {
  /** Whether it may read everything there is, so that nobody needs to ask object by object. */
  readonly readsEverything: boolean;
  /** Roles on an object: the nearest permission on the way up decides. */
  rolesOn(entity: Entity): readonly Role[];
  /** Objects that belong to an entity, such as a snapshot, follow it; services are open to whoever is logged in. */
  has(object: ManagedObject, privilege: string): boolean;
}

/** Roles of one account, while permissions stay as they are. */
interface AccountRoles {
  readonly on: Access['rolesOn'];
  readonly readEverything: boolean;
}

/** May do everything. For the server itself. */
export const unrestricted: Access = { readsEverything: true, rolesOn: () => [], has: () => true };

/** May do nothing: before a login. */
export const nobody: Access = { readsEverything: false, rolesOn: () => [], has: () => false };

/** Who may do what on which object. */
export class AccessControl {
  private entries: readonly PermissionEntry[] = [];

  constructor(
    private readonly registry: Registry,
    readonly roles: readonly Role[],
    private readonly rootId: string,
  ) {}

  get permissions(): readonly PermissionEntry[] {
    return this.entries.filter(({ entity }) => this.registry.resolve(entity.ref) === entity);
  }

  grant(entity: Entity, userName: string, roleId: number, propagate: boolean): void {
    const principal = accountKey(userName);
    this.entries = [
      ...this.entries.filter((entry) => entry.entity !== entity || entry.principal !== principal),
      { entity, principal, roleId, propagate },
    ];
  }

  revoke(entity: Entity, userName: string): void {
    const principal = accountKey(userName);
    this.entries = this.entries.filter((entry) => entry.entity !== entity || entry.principal !== principal);
  }

  role(nameOrId: string | number): Role | undefined {
    return this.roles.find((role) => role.id === nameOrId || role.name === nameOrId);
  }

  /** Whether the account has a permission anywhere: without one it cannot log in. */
  isKnown(userName: string): boolean {
    const principal = accountKey(userName);
    return this.entries.some((entry) => entry.principal === principal);
  }

  accessOf(userName: string): Access {
    const principal = accountKey(userName);
    // Looked up for every property of every object: worked out once for each set of permissions.
    let known: { readonly of: readonly PermissionEntry[]; readonly roles: AccountRoles } | undefined;
    const roles = (): AccountRoles => {
      if (known?.of !== this.entries) {
        known = { of: this.entries, roles: this.rolesOf(principal) };
      }
      return known.roles;
    };
    const rolesOn = (entity: Entity): readonly Role[] => roles().on(entity);
    return {
      get readsEverything() {
        return roles().readEverything;
      },
      rolesOn,
      has: (object, privilege) => {
        const entity = this.entityOf(object);
        if (entity === undefined) {
          return privilege.startsWith('System.') || this.hasAtRoot(rolesOn, privilege);
        }
        return rolesOn(entity).some((role) => role.privileges.has(privilege));
      },
    };
  }

  private rolesOf(principal: string): AccountRoles {
    const own = new Map(
      this.entries.filter((entry) => entry.principal === principal).map((entry) => [entry.entity, entry]),
    );
    const byId = new Map(this.roles.map((role) => [role.id, [role]]));
    const [only] = own.values();
    if (own.size === 1 && only?.propagate === true && only.entity.ref.value === this.rootId) {
      // The usual case, without a walk: one permission, on everything.
      const roles = byId.get(only.roleId) ?? [];
      const readEverything = roles.some(({ privileges }) => privileges.has(view) && privileges.has(read));
      return { on: () => roles, readEverything };
    }
    return { on: (entity) => byId.get(this.nearest(own, entity) ?? Number.NaN) ?? [], readEverything: false };
  }

  private hasAtRoot(rolesOn: Access['rolesOn'], privilege: string): boolean {
    const root = this.registry.find('Folder', this.rootId);
    return root !== undefined && rolesOn(root).some((role) => role.privileges.has(privilege));
  }

  private entityOf(object: ManagedObject): Entity | undefined {
    if (isEntity(object)) {
      return object;
    }
    if (isKind(object, 'VirtualMachineSnapshot')) {
      return this.registry.resolveEntity(object.state.vm);
    }
    return isKind(object, 'Task') ? this.registry.resolveEntity(object.state.entity) : undefined;
  }

  /** Role by the nearest permission on the way up; folders count before pools. */
  private nearest(own: ReadonlyMap<Entity, PermissionEntry>, entity: Entity): number | undefined {
    const pending: Entity[] = [entity];
    const seen = new Set<Entity>();
    for (let at = pending.shift(); at !== undefined; at = pending.shift()) {
      const entry = own.get(at);
      if (entry !== undefined && (entry.propagate || at === entity)) {
        return entry.roleId;
      }
      seen.add(at);
      pending.push(...parentsOf(this.registry, at).filter((parent) => !seen.has(parent)));
    }
    return undefined;
  }
}

/** Everything that an entity hangs under: the folder first, then pool or vApp. */
export function parentsOf(registry: Registry, entity: Entity): Entity[] {
  const refs = [entity.state.parent];
  if (entity.kind === 'VirtualMachine') {
    const vm = entity.state as VmState;
    refs.push(vm.parentVApp, vm.resourcePool);
  } else if (entity.kind === 'VirtualApp') {
    refs.unshift((entity.state as VirtualAppState).parentFolder);
  }
  return refs.map((ref) => registry.resolveEntity(ref)).filter((parent) => parent !== undefined);
}

/** Whether an account is shown the object at all. */
export function canSee(access: Access, object: ManagedObject): boolean {
  return access.has(object, view);
}
