import assert from 'node:assert/strict';

import { RunningTasks } from '../../../src/hypervisor/inventory/runningTasks';
import { objectId, serverTask } from '../../support/domainBuilders';

describe('RunningTasks', () => {
  const vmId = objectId('vm-1');

  it('tells of a task while it runs, and of its end', () => {
    const tasks = new RunningTasks();
    const told: string[] = [];
    tasks.onDidChange((vms) => told.push(vms.join(' ')));
    tasks.update([serverTask('a')]);
    assert.equal(tasks.ofVm(vmId)?.id, serverTask('a').id);
    tasks.update([serverTask('a', { state: 'succeeded' })]);
    assert.equal(tasks.ofVm(vmId), undefined);
    assert.deepEqual(told, [vmId, vmId]);
  });

  it('says nothing of estimates: who plans anew on every change would cause the next one', () => {
    const tasks = new RunningTasks();
    const told: string[] = [];
    tasks.onDidChange((vms) => told.push(vms.join(' ')));
    tasks.update([serverTask('a', { isEstimate: true })]);
    tasks.update([serverTask('a', { isEstimate: true, state: 'succeeded' })]);
    assert.equal(tasks.ofVm(vmId), undefined);
    assert.deepEqual(told, []);
  });
});
