import assert from 'node:assert/strict';
import type { ServerTask } from '../../../../src/hypervisor/model/task';
import { creatorsAmong } from '../../../../src/vsphere/tasks/snapshotCreators';
import { serverTask, snapshot, snapshotId, testNowMs } from '../../../support/domainBuilders';

const take = (id: string, facts: Partial<ServerTask>): ServerTask =>
  serverTask(id, {
    operation: 'take',
    state: 'succeeded',
    startedAtMs: testNowMs,
    completedAtMs: testNowMs + 2_000,
    ...facts,
  });

describe('who took a snapshot', () => {
  const made = snapshot('s1', { createdAtMs: testNowMs + 1_000 });

  it('is said by the task that names it', () => {
    const tasks = [
      take('1', { startedBy: 'CORP\\eve' }),
      take('2', { startedBy: 'CORP\\jdoe', snapshotId: snapshotId('s1') }),
    ];
    assert.deepEqual([...creatorsAmong(tasks, [made])], [['s1', 'CORP\\jdoe']]);
  });

  it('is said by the one task that was at it, where the history keeps no results', () => {
    const tasks = [
      take('1', { startedBy: 'CORP\\jdoe' }),
      take('2', { startedBy: 'CORP\\eve', startedAtMs: testNowMs + 60_000, completedAtMs: testNowMs + 61_000 }),
    ];
    assert.deepEqual([...creatorsAmong(tasks, [made])], [['s1', 'CORP\\jdoe']]);
  });

  it('is not guessed', () => {
    const two = [take('1', { startedBy: 'CORP\\jdoe' }), take('2', { startedBy: 'CORP\\eve' })];
    const ofAnother = [take('1', { startedBy: 'CORP\\jdoe', snapshotId: snapshotId('s2') })];
    const failed = [take('1', { startedBy: 'CORP\\jdoe', state: 'failed' })];
    const other = [take('1', { startedBy: 'CORP\\jdoe', operation: 'restore' })];
    const byTheServer = [take('1', { startedBy: undefined, snapshotId: snapshotId('s1') })];
    for (const tasks of [two, ofAnother, failed, other, byTheServer, []]) {
      assert.equal(creatorsAmong(tasks, [made]).size, 0);
    }
  });
});
