import assert from 'node:assert/strict';

import { millisecondsPerDay } from '../../../../src/common/text';
import { snapshotGroups, type SnapshotGroup } from '../../../../src/hypervisor/health/snapshotGroups';
import { SnapshotOverview } from '../../../../src/hypervisor/health/snapshotOverview';
import type { VirtualMachine } from '../../../../src/hypervisor/model/inventory';
import type { Snapshot } from '../../../../src/hypervisor/model/snapshot';
import { objectId, snapshot, testNowMs, vm } from '../../../support/domainBuilders';
import { connectionWith } from '../../../support/rowFixtures';
import type { ScriptedConnection } from '../../../support/scriptedHypervisor';

describe('the list of snapshots', () => {
  let nowMs: number;
  let connection: ScriptedConnection;
  let overview: SnapshotOverview;

  const aged = (id: string, days: number, facts: Partial<Snapshot> = {}): Snapshot =>
    snapshot(id, { createdAtMs: testNowMs - days * millisecondsPerDay, ...facts });

  const machine = (id: string, ...roots: Snapshot[]): VirtualMachine =>
    vm(id, { name: id, snapshots: { roots, currentId: undefined } });

  beforeEach(() => {
    nowMs = testNowMs;
    connection = connectionWith(machine('vm-1', aged('a', 40), aged('b', 2.5)), machine('vm-2', aged('c', 1)));
    overview = new SnapshotOverview({
      nowMs: () => nowMs,
      limits: () => ({ warnAfterDays: 3, oldAfterDays: 30 }),
      isBackup: (name) => name.startsWith('VEEAM'),
      wantedIn: () => () => true,
      acceptsVm: () => true,
      acceptsSnapshot: () => true,
    });
    overview.rebuild([connection]);
  });

  /** Takes VMs in, and gives the groups that have changed by it. */
  function put(...machines: VirtualMachine[]): SnapshotGroup[] {
    connection.inventory.put(machines);
    return [
      ...overview.update(
        connection,
        machines.map(({ id }) => id),
      ),
    ];
  }

  function shown(): Readonly<Record<string, readonly (string | undefined)[]>> {
    return Object.fromEntries(
      snapshotGroups.map((group) => [group, overview.entries(group).map((each) => each.snapshot?.name ?? each.vmId)]),
    );
  }

  const atFirst = { old: ['a'], aging: [], fresh: ['b', 'c'], consolidation: [], backup: [] };

  it('has each snapshot in the group of its age, the oldest first', () => {
    assert.deepEqual(shown(), atFirst);
  });

  it('says that nothing has changed when all lines stay where they are, and knows what they say now', () => {
    assert.deepEqual(put(machine('vm-1', aged('a', 40), aged('b', 2.5, { name: 'B' }))), []);
    assert.deepEqual(shown(), { ...atFirst, fresh: ['B', 'c'] });
  });

  it('moves a snapshot that has become older, and only when it is looked at', () => {
    nowMs += millisecondsPerDay;
    assert.deepEqual(shown(), atFirst);
    const changed = overview.update(connection, [objectId('vm-1'), objectId('vm-2')]);
    assert.deepEqual([...changed].sort(), ['aging', 'fresh']);
    assert.deepEqual(shown(), { ...atFirst, aging: ['b'], fresh: ['c'] });
    assert.equal(overview.groupOf(connection.id, objectId('vm-1'), aged('b', 0).id), 'aging');
  });

  it('moves one whose name or time is another one, and takes out what is gone', () => {
    const changed = put(machine('vm-1', aged('b', 0.5), aged('a', 40, { name: 'VEEAM a' })));
    assert.deepEqual([...changed].sort(), ['backup', 'fresh', 'old']);
    assert.deepEqual(shown(), { ...atFirst, old: [], fresh: ['c', 'b'], backup: ['VEEAM a'] });
    assert.deepEqual(put(machine('vm-1'), vm('vm-2', { needsConsolidation: true })).sort(), [
      'backup',
      'consolidation',
      'fresh',
    ]);
    assert.deepEqual(shown(), { old: [], aging: [], fresh: [], consolidation: ['vm-2'], backup: [] });
    assert.deepEqual(overview.entriesOf(connection.id, objectId('vm-1')), []);
  });

  it('tells apart what was taken at the same moment', () => {
    put(machine('vm-1', aged('x', 1), aged('y', 1)));
    assert.deepEqual(put(machine('vm-1', aged('y', 1))), ['fresh']);
    assert.deepEqual(shown(), { ...atFirst, old: [], fresh: ['y', 'c'] });
    assert.deepEqual(put(machine('vm-1', aged('z', 1))), ['fresh']);
    assert.deepEqual(shown(), { ...atFirst, old: [], fresh: ['z', 'c'] });
  });

  it('moves a VM among those that need consolidation when it is renamed', () => {
    const needy = (id: string, name: string): VirtualMachine => vm(id, { name, needsConsolidation: true });
    put(needy('vm-1', 'one'), needy('vm-2', 'two'));
    assert.deepEqual(shown()['consolidation'], ['vm-1', 'vm-2']);
    assert.deepEqual(put(needy('vm-1', 'zero')), ['consolidation']);
    assert.deepEqual(shown()['consolidation'], ['vm-2', 'vm-1']);
  });
});
