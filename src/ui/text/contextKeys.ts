import type { RowKind } from './commandIds';
import type { ViewLayout } from './treeNode';

/** What `when` clauses of the manifest may ask, with the values that each key takes. */
export interface ContextKeyValues {
  /** Whether the person added any server, the demo included. */
  'vsphereSnapshots.hasServers': boolean;
  'vsphereSnapshots.layout': ViewLayout;
  /** Whether the present layout leaves out what the person does not want to see. */
  'vsphereSnapshots.filtered': boolean;
  /** Kind of the selected rows of the inventory, if it is the same; keybindings ask it, as VS Code tells them no row. */
  'vsphereSnapshots.selectedRow': RowKind | 'none';
  /** Whether Recent Tasks has anything to clear. */
  'vsphereSnapshots.hasEndedTasks': boolean;
  /** Steps of the walkthrough that are done, never taken back: the demo, another server, a take, a restore, a guard. */
  'vsphereSnapshots.hasSeenDemo': true;
  'vsphereSnapshots.hasSavedServers': true;
  'vsphereSnapshots.hasTaken': true;
  'vsphereSnapshots.hasRestored': true;
  'vsphereSnapshots.hasGuards': true;
}

export type ContextKey = keyof ContextKeyValues;

/** Every context key, for the test that compares them with the manifest. */
export const contextKeys = {
  'vsphereSnapshots.hasServers': true,
  'vsphereSnapshots.layout': true,
  'vsphereSnapshots.filtered': true,
  'vsphereSnapshots.selectedRow': true,
  'vsphereSnapshots.hasEndedTasks': true,
  'vsphereSnapshots.hasSeenDemo': true,
  'vsphereSnapshots.hasSavedServers': true,
  'vsphereSnapshots.hasTaken': true,
  'vsphereSnapshots.hasRestored': true,
  'vsphereSnapshots.hasGuards': true,
} as const satisfies Record<ContextKey, true>;
