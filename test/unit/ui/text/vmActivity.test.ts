import assert from 'node:assert/strict';
import type { TrackedOperation } from '../../../../src/operations/trackedOperation';
import { activityInRow, activityInTooltip, activityOf, type VmActivity } from '../../../../src/ui/text/vmActivity';
import { objectId, serverTask, testNowMs } from '../../../support/domainBuilders';
import { tracked } from '../../../support/operationBuilder';
import { connectionWith, paris } from '../../../support/rowFixtures';

const vmId = objectId('vm-1');

describe('what a VM is undergoing', () => {
  const own = (facts: Partial<TrackedOperation>): VmActivity | undefined =>
    activityOf(connectionWith(), vmId, { ofVm: () => tracked(facts) });

  it('is nothing while nothing runs', () => {
    assert.equal(activityOf(connectionWith(), vmId, { ofVm: () => undefined }), undefined);
  });

  it('is what the server says, before what this window has asked for', () => {
    const connection = connectionWith();
    connection.runningTasks.update([serverTask('t', { vmId, progressPercent: 43, operation: 'consolidate' })]);
    assert.deepEqual(activityOf(connection, vmId, { ofVm: () => tracked() }), {
      what: 'consolidating',
      progressPercent: 43,
      label: 'Remove snapshot',
      startedBy: 'CORP\\jdoe',
      sinceMs: testNowMs,
    });
  });

  it('counts a task that waits from when it was queued', () => {
    const connection = connectionWith();
    const queuedAtMs = testNowMs - 5;
    connection.runningTasks.update([serverTask('t', { vmId, startedAtMs: undefined, queuedAtMs })]);
    assert.equal(activityOf(connection, vmId, { ofVm: () => undefined })?.sinceMs, queuedAtMs);
  });

  it('is what this window has asked for while the server lists nothing', () => {
    assert.deepEqual(own({ state: 'sending' }), {
      what: 'deleting snapshot',
      progressPercent: undefined,
      label: 'Delete snapshot',
      startedBy: undefined,
      sinceMs: testNowMs - 120_000,
    });
    assert.equal(own({ state: 'waiting' })?.what, 'waiting');
    assert.equal(own({ state: 'waiting', startedAtMs: undefined })?.sinceMs, testNowMs - 130_000);
  });

  it('tells progress only where there is some, and whose it is only where it is known', () => {
    const activity: VmActivity = {
      what: 'consolidating',
      progressPercent: 0,
      label: 'Consolidate',
      startedBy: 'CORP\\jdoe',
      sinceMs: testNowMs - 3_780_000,
    };
    assert.equal(activityInRow(activity), 'consolidating 0%');
    assert.equal(activityInRow({ ...activity, progressPercent: undefined }), 'consolidating');
    assert.equal(activityInTooltip(activity, paris, testNowMs), 'Consolidate, started 14:02 by CORP\\jdoe');
    assert.equal(
      activityInTooltip({ ...activity, startedBy: undefined }, paris, testNowMs),
      'Consolidate, started 14:02',
    );
  });
});
