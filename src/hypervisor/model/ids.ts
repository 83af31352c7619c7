// Identities are opaque text of the hypervisor, unique within one server. They are branded so that the compiler tells a
// VM from a snapshot; only the client module knows how they are made up.

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Identity of anything in the inventory: a VM, folder, cluster and so on. */
export type ObjectId = Branded<'ObjectId'>;

/** Identity of a snapshot. Names of snapshots repeat within a VM; identities never do. */
export type SnapshotId = Branded<'SnapshotId'>;

/** Identity of a task that the server is carrying out. */
export type TaskId = Branded<'TaskId'>;

/** Identity of a server that the person added: stable for the life of its profile. */
export type ServerId = Branded<'ServerId'>;
