import { allPrivileges, anonymous, read, view } from './privileges';

export interface Role {
  /** Own roles of vSphere have negative ids. */
  readonly id: number;
  readonly name: string;
  readonly label: string;
  readonly summary: string;
  readonly privileges: ReadonlySet<string>;
}

/** A role made for a test or a demo. */
export interface RoleSpec {
  readonly name: string;
  readonly privileges: readonly string[];
}

const everything = new Set(allPrivileges.map(({ id }) => id));

function systemRole(id: number, name: string, label: string, summary: string, privileges: Iterable<string>): Role {
  return { id, name, label, summary, privileges: new Set(privileges) };
}

/** The roles that every server has. Their ids are part of the API. */
const systemRoles: readonly Role[] = [
  systemRole(-1, 'Admin', 'Administrator', 'Full access rights', everything),
  systemRole(-2, 'ReadOnly', 'Read-only', 'See details of objects, but not make changes', [anonymous, view, read]),
  systemRole(-3, 'View', 'View', 'Visibility access (cannot be granted)', [anonymous, view]),
  systemRole(-4, 'Anonymous', 'Anonymous', 'Not logged-in user (cannot be granted)', [anonymous]),
  systemRole(-5, 'NoAccess', 'No access', 'Used for restricting granted access', []),
  systemRole(-6, 'NoCryptoAdmin', 'No cryptography administrator', 'Full access without cryptography', everything),
];

// Where a vCenter starts to number the roles that people make.
const firstOwnRoleId = 1_000;

/** All roles of a server. Whatever a role grants, the three System privileges come with it. */
export function rolesWith(own: readonly RoleSpec[]): readonly Role[] {
  return [
    ...systemRoles,
    ...own.map((spec, index) => ({
      id: firstOwnRoleId + index,
      name: spec.name,
      label: spec.name,
      summary: spec.name,
      privileges: new Set([anonymous, view, read, ...spec.privileges]),
    })),
  ];
}
