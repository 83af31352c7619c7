import assert from 'node:assert/strict';
import { integerBetween, pick, type Random, seededRandom } from '../../../src/simulator/random/random';
import { BulkScene, taskIdOf, taskOf, vmOfTask } from '../../support/bulkScene';
import { chain, objectId as idOf, vm } from '../../support/domainBuilders';
import { failure } from '../../support/scriptedHypervisor';
import { turn } from '../../support/serverFixtures';

describe('BulkService over random failures', () => {
  type Fate = 'fine' | 'refused' | 'taskFails' | 'lostAndDone' | 'lostAndNot' | 'gone' | 'changed' | 'flaky';
  const fates: readonly Fate[] = [
    'fine',
    'refused',
    'taskFails',
    'lostAndDone',
    'lostAndNot',
    'gone',
    'changed',
    'flaky',
  ];

  /** What a person must read at the end, by what happened on the server. */
  const truth: Readonly<Record<Fate, string>> = {
    fine: 'succeeded',
    refused: 'failed',
    taskFails: 'failed',
    lostAndDone: 'succeeded',
    lostAndNot: 'unknown',
    gone: 'failed',
    changed: 'failed',
    flaky: 'succeeded',
  };

  async function runOne(random: Random, what: string): Promise<void> {
    const scene = new BulkScene(integerBetween(random, 2, 20));
    scene.parallelPerDatastore = integerBetween(random, 1, 8);
    const fateOf = new Map([...scene.details.keys()].map((vmId) => [vmId, pick(random, fates)]));
    const flaky = new Map<string, number>();
    const read = scene.client.detailOf;
    const empty = (vmId: string): void => {
      scene.put(vmId, { vm: vm(vmId, { snapshots: chain() }) });
    };
    scene.client.onStart = ({ vmId }) => {
      switch (fateOf.get(vmId)) {
        case 'refused':
          return Promise.reject(failure('diskFull'));
        case 'lostAndDone':
          empty(vmId);
          return Promise.reject(failure('outcomeUnknown'));
        case 'lostAndNot':
          return Promise.reject(failure('outcomeUnknown'));
        default:
          return Promise.resolve({ taskId: taskIdOf(vmId) });
      }
    };
    scene.client.onFollow = (taskId) => {
      const vmId = vmOfTask(taskId);
      if (fateOf.get(vmId) === 'taskFails') {
        return Promise.resolve(taskOf(taskId, { state: 'failed', error: failure('fileInUse') }));
      }
      empty(vmId);
      return Promise.resolve(taskOf(taskId));
    };
    scene.dialogs.onTyped = () => {
      for (const [vmId, fate] of fateOf) {
        if (fate === 'gone') {
          scene.details.delete(vmId);
        } else if (fate === 'changed') {
          scene.put(vmId, { vm: vm(vmId, { snapshots: chain(`${vmId}-a`, `${vmId}-b`, 'late') }) });
        } else if (fate === 'flaky') {
          flaky.set(vmId, integerBetween(random, 1, 3));
        }
      }
      scene.client.detailOf = (vmId) => {
        const left = flaky.get(vmId) ?? 0;
        if (left > 0) {
          flaky.set(vmId, left - 1);
          throw failure('connectionLost');
        }
        return read(vmId);
      };
      return true;
    };
    const running = scene.perform();
    const isOver = (): boolean => scene.history.groups()[0]?.endedAtMs !== undefined;
    while (!isOver()) {
      scene.clock.advance(1_000);
      await turn();
    }
    const group = await running;
    assert.deepEqual(
      scene.states(group),
      [...fateOf].map(([vmId, fate]) => `${vmId} ${truth[fate]}`),
      what,
    );
    const sent = new Set(scene.sentVms);
    assert.equal(sent.size, scene.sentVms.length, `${what}: sent twice`);
    for (const [vmId, fate] of fateOf) {
      assert.equal(sent.has(vmId), fate !== 'gone' && fate !== 'changed', `${what}: ${vmId} ${fate}`);
    }
    assert.equal(scene.connection.holds, 0, what);
    assert.equal(scene.history.active().filter(({ state }) => state !== 'unknown').length, 0, what);
    // A second round touches none that is done or unknown.
    const before = scene.sentVms.length;
    await scene.bulk.again(group?.id ?? 0, 'failed', scene.dialogs);
    for (const vmId of scene.sentVms.slice(before)) {
      assert.equal(truth[fateOf.get(idOf(vmId)) ?? 'fine'], 'failed', what);
    }
  }

  it('sends at most once for each VM and tells the truth about each', async () => {
    for (let seed = 1; seed <= 80; seed++) {
      await runOne(seededRandom(seed), `seed ${seed}`);
    }
  });
});
