import type { HypervisorConnection } from '../../src/hypervisor/connection';
import { backupNameMatcher } from '../../src/hypervisor/health/backupProduct';
import { protectionOf } from '../../src/hypervisor/protection/protection';
import type { InventoryObject, Layout } from '../../src/hypervisor/model/inventory';
import { Formats } from '../../src/ui/text/formats';
import { InventoryRows } from '../../src/ui/text/inventoryRows';
import type { RowContext } from '../../src/ui/text/rowContext';
import type { ServerFacts } from '../../src/ui/text/serverFacts';
import { activityOf } from '../../src/ui/text/vmActivity';
import { testNowMs } from './domainBuilders';
import { ScriptedClient, ScriptedConnection } from './scriptedHypervisor';

/** English as in Paris, one hour before UTC in winter. */
export const paris = new Formats('en', 'Europe/Paris');

export const serverFacts: ServerFacts = {
  address: 'vc-paris.corp',
  isDemo: false,
  trust: 'pinned',
  passwordStore: 'the OS keychain',
  product: 'vCenter 8.0.3',
};

/** A live connection with these objects in its inventory, completely read. */
export function connectionWith(...objects: InventoryObject[]): ScriptedConnection {
  const connection = new ScriptedConnection(new ScriptedClient());
  connection.inventory.begin();
  connection.inventory.put(objects);
  connection.inventory.complete();
  return connection;
}

export function rowsOf(layout: Layout = 'folders', hidden: (name: string) => boolean = () => false): InventoryRows {
  return new InventoryRows(() => layout, hidden);
}

/** What rows are described by: the moment of the tests, nothing known beyond the inventory. */
export function rowContext(changes: Partial<RowContext> = {}): RowContext {
  return {
    formats: paris,
    nowMs: testNowMs,
    rows: rowsOf(),
    layout: 'folders',
    warnAfterDays: 3,
    oldAfterDays: 30,
    facts: () => serverFacts,
    activity: (connection: HypervisorConnection, vmId) => activityOf(connection, vmId, { ofVm: () => undefined }),
    sizes: () => undefined,
    protection: (connection, objectId) =>
      protectionOf(connection, objectId, { isMarked: () => false, paths: () => undefined }),
    isFavorite: () => false,
    groupCount: () => 0,
    unfoldsGroup: () => false,
    backupPattern: backupNameMatcher(['VEEAM BACKUP TEMPORARY SNAPSHOT']),
    ...changes,
  };
}
