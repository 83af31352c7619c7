import * as l10n from '@vscode/l10n';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ObjectId } from '../../hypervisor/model/ids';
import type { VirtualMachine } from '../../hypervisor/model/inventory';
import type { Protection } from '../../hypervisor/protection/protection';
import type { SnapshotSizes } from '../../hypervisor/model/vmDetail';
import type { Formats } from './formats';
import type { InventoryRows } from './inventoryRows';
import type { ServerFacts } from './serverFacts';
import type { GroupNode, ViewLayout } from './treeNode';
import type { VmActivity } from './vmActivity';

/** Sizes of a VM's snapshots, as far as they were read. */
export interface KnownSizes {
  readonly sizes: SnapshotSizes;
  readonly readAtMs: number;
}

/** What describing a row takes besides the row itself. */
export interface RowContext {
  readonly formats: Formats;
  readonly nowMs: number;
  readonly rows: InventoryRows;
  readonly layout: ViewLayout;
  /** Ages from which a snapshot's icon is coloured, in days. */
  readonly warnAfterDays: number;
  readonly oldAfterDays: number;
  facts(connection: HypervisorConnection): ServerFacts | undefined;
  activity(connection: HypervisorConnection, vmId: ObjectId): VmActivity | undefined;
  /** Never asks the server. */
  sizes(connection: HypervisorConnection, vm: VirtualMachine): KnownSizes | undefined;
  /** Whether the person keeps the VM at hand. */
  isFavorite(connection: HypervisorConnection, vmId: ObjectId): boolean;
  /** How many rows stand under a heading. */
  groupCount(group: GroupNode['group']): number;
  /** Whether what stands under a heading shows without being asked for. */
  unfoldsGroup(group: GroupNode['group']): boolean;
  /** Why an object is protected; undefined when it is not. The server itself is meant when no object is given. */
  protection(connection: HypervisorConnection, objectId: ObjectId | undefined): Protection | undefined;
  /** The pattern by which a snapshot's name belongs to a backup product. */
  backupPattern(snapshotName: string): string | undefined;
}

/** A row as plain data; what draws it adds nothing. */
export interface RowDescription {
  readonly label: string;
  readonly description: string;
  /** Of a product icon (codicon). */
  readonly iconId: string;
  /** Of a theme colour. Never the only sign of anything. */
  readonly iconColor?: string;
  /** Flags between semicolons, which `when` clauses of menus look for: `;vm;on;snap;`. */
  readonly contextValue: string;
  /** The whole row in words, for screen readers. */
  readonly accessibilityLabel: string;
  readonly collapsible: 'none' | 'collapsed' | 'expanded';
  /** Whether the badge of what is protected stands on it. */
  readonly isProtected?: true;
}

/** Parts of a description, the most urgent first; empty ones are left out. */
export function joinFacts(...facts: readonly (string | undefined)[]): string {
  return facts.filter((fact) => fact !== undefined && fact !== '').join(' · ');
}

/** The same for an accessibility label, where a comma makes a pause. */
export function joinSpoken(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}

export function contextFlags(...flags: readonly (string | undefined)[]): string {
  return `;${flags.filter((flag) => flag !== undefined).join(';')};`;
}

/** What a row that can be protected says about it. */
export function protectionMarks(protection: Protection | undefined): {
  readonly flag: string | undefined;
  readonly spoken: string | undefined;
  /** For the description itself. */
  readonly badge: Pick<RowDescription, 'isProtected'>;
} {
  return protection === undefined
    ? { flag: undefined, spoken: undefined, badge: {} }
    : { flag: 'protected', spoken: l10n.t('protected'), badge: { isProtected: true } };
}
