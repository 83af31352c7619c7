import assert from 'node:assert/strict';

import { groundTruth } from '../../src/simulator/control/groundTruth';
import type { Simulator } from '../../src/simulator/simulator';
import { eventually } from '../support/eventually';
import { labFolder, labVms } from '../support/servers/simulatorServer';
import { usePerson } from './person';
import { simulatorOf, useServer } from './server';
import { addFirstServer } from './steps';

// Right click, the submenu and the entry in it, Enter for the list, the number, Enter for that.
const gesturesToDeleteMany = 6;

// Each fails for another reason: one in the wrong state, one with a locked file, one without room.
const troubled = ['LAB-04', 'LAB-11', 'LAB-23'] as const;

describe('many VMs at once', () => {
  const person = usePerson();
  const server = useServer();

  const simulator = (): Simulator => simulatorOf(server());

  function lab(): readonly { readonly name: string; readonly id: string; readonly snapshots: number }[] {
    return groundTruth(simulator().server)
      .vms.filter(({ name }) => labVms.includes(name))
      .map(({ name, id, snapshots }) => ({ name, id, snapshots: snapshots.length }));
  }

  function snapshotCounts(): readonly number[] {
    return lab().map(({ snapshots }) => snapshots);
  }

  /** How often a method was called on each VM of the lab since a number of the log. */
  function callsSince(sequence: number, method: string): ReadonlyMap<string, number> {
    const calls = new Map(labVms.map((name) => [name, 0]));
    for (const { method: called, objectName = '' } of simulator().log.since(sequence)) {
      if (called === method && calls.has(objectName)) {
        calls.set(objectName, (calls.get(objectName) ?? 0) + 1);
      }
    }
    return calls;
  }

  /**
   * Lets a method fail once on three VMs, each for another reason.
   *
   * @param late - whether two of them fail only when their tasks are nearly done, and leave traces
   */
  function makeTrouble(method: string, late: boolean): void {
    const kind = late ? 'taskFault' : 'fault';
    const [refused, failing, full] = troubled;
    const addRule = (objectName: string, when: 'fault' | 'taskFault', type: string, fields: object): void => {
      const action = { kind: when, type, fields: { ...fields } };
      simulator().execute({ command: 'addRule', rule: { method, count: 1, objectName, action } });
    };
    addRule(refused, 'fault', 'InvalidPowerState', { requestedState: 'poweredOn', existingState: 'suspended' });
    addRule(failing, kind, 'FileLocked', { file: `[DS-01] ${failing}/${failing}.vmdk` });
    addRule(full, kind, 'NoDiskSpace', { file: `[DS-01] ${full}/${full}.vmdk`, datastore: 'DS-01' });
  }

  async function onAll(command: string): Promise<void> {
    await person().workbench.tree('Inventory').row(labFolder).choose('Snapshots of All VMs', command);
  }

  /** Accepts the list of all VMs as it comes up. */
  async function acceptList(title: string, firstVm = labVms[0]): Promise<void> {
    const { quickInput } = person().workbench;
    await quickInput.waitForStep(title);
    // The VMs are read first, under the same title.
    await quickInput.waitForOption(firstVm ?? '');
    await quickInput.accept();
  }

  /** Waits for the one message about three failures, and for each of them by name in Recent Tasks. */
  async function expectThreeFailures(group: string): Promise<void> {
    const { workbench } = person();
    const { notifications } = workbench;
    const message = '27 of 30 VMs done, 3 failed';
    await notifications.waitFor(message);
    const messages = await notifications.messages();
    console.log(`      messages: ${messages.length}`);
    assert.deepEqual(messages, [message]);
    const tasks = workbench.tree('Recent Tasks');
    await tasks.row({ label: group, description: /^27 done · 3 failed/ }).expand();
    for (const vm of troubled) {
      const row = tasks.row({ label: vm, description: /^(failed|not sent) · .{10}/ });
      await row.reveal();
      console.log(`      ${vm}: ${(await row.text()).description}`);
    }
    await tasks.row({ label: group, description: /^27 done/ }).reveal();
    await tasks.row({ label: group, description: /^27 done/ }).collapse();
  }

  /** Presses *Retry Failed*, and checks that each VM was asked for once and the troubled ones once more. */
  async function retryFailed(before: number, method: string, isDone: () => boolean): Promise<void> {
    const { notifications, quickInput } = person().workbench;
    await notifications.press('27 of 30 VMs done, 3 failed', 'Retry Failed');
    await eventually('the rest to be done', async () => {
      // A task that failed late has left disks behind. What is not as it was when it was agreed to is reviewed again.
      if (await quickInput.isOpen()) {
        const number = /Type (\d+) to confirm/.exec(await quickInput.text())?.[1];
        await (number === undefined ? Promise.resolve() : quickInput.type(number));
        await quickInput.accept();
      }
      return isDone();
    });
    for (const [vm, calls] of callsSince(before, method)) {
      assert.equal(calls, (troubled as readonly string[]).includes(vm) ? 2 : 1, `${method} on ${vm}`);
    }
  }

  before(async () => {
    const { workbench } = person();
    await addFirstServer(workbench, server());
    await workbench.tree('Inventory').row('DC1').expand();
    await workbench.tree('Inventory').row(labFolder).waitFor();
    await workbench.notifications.clear();
  });

  it('takes snapshots of 30, three of which fail, and then those', async () => {
    const { quickInput } = person().workbench;
    makeTrouble('CreateSnapshotEx_Task', true);
    const start = simulator().log.lastSequence;
    await onAll('Take...');
    await acceptList('Take Snapshots of 30 VMs');
    for (const step of [1, 2, 3]) {
      await quickInput.waitForStep(`Take Snapshots of 30 VMs (${step}/3)`);
      await quickInput.accept();
    }
    await expectThreeFailures('Take snapshot – 30 VMs');
    assert.equal(snapshotCounts().filter((count) => count === 1).length, 27);
    await retryFailed(start, 'CreateSnapshotEx_Task', () => snapshotCounts().every((count) => count === 1));
    await person().workbench.notifications.clear();
  });

  it('restores 30 to their latest snapshots, likewise', async () => {
    const { quickInput } = person().workbench;
    makeTrouble('RevertToCurrentSnapshot_Task', true);
    const start = simulator().log.lastSequence;
    await onAll('Restore to Latest...');
    await acceptList('Restore 30 VMs to the Latest Snapshot');
    await quickInput.waitForStep('Restore 30 VMs to the Latest Snapshot');
    await quickInput.waitForMessage('Type 30 to confirm');
    await quickInput.type('30');
    await quickInput.accept();
    await expectThreeFailures('Restore to latest snapshot – 30 VMs');
    const running = (): number =>
      groundTruth(simulator().server).vms.filter(({ name, power }) => labVms.includes(name) && power === 'poweredOn')
        .length;
    assert.equal(running(), 3);
    await retryFailed(start, 'RevertToCurrentSnapshot_Task', () => running() === 0);
    await person().workbench.notifications.clear();
  });

  it('deletes the snapshots of 30, likewise, with six gestures', async () => {
    const { quickInput, gestures } = person().workbench;
    makeTrouble('RemoveAllSnapshots_Task', false);
    const start = simulator().log.lastSequence;
    await gestures.start();
    await onAll('Delete All...');
    await acceptList('Delete All Snapshots of 30 VMs');
    await quickInput.waitForStep('Delete 30 Snapshots on 30 VMs');
    await quickInput.type('31');
    await quickInput.accept();
    await quickInput.waitForMessage('Type 30 to confirm');
    const wrong = 2;
    await quickInput.type('30');
    await quickInput.accept();
    await quickInput.waitUntilClosed();
    const count = await gestures.read();
    console.log(`      gestures, a wrong number among them: ${count.gestures.join(', ')}`);
    assert.ok(count.gestures.length - wrong <= gesturesToDeleteMany, count.gestures.join(', '));
    await expectThreeFailures('Delete all snapshots – 30 VMs');
    await retryFailed(start, 'RemoveAllSnapshots_Task', () => snapshotCounts().every((snapshots) => snapshots === 0));
    await person().workbench.notifications.clear();
  });

  it('accounts for what was sent, and offers the rest, after its process was killed in the middle', async () => {
    const { workbench, server: own } = person();
    const { quickInput, notifications } = workbench;
    for (const vm of labVms) {
      simulator().execute({ command: 'changeVm', vm, change: { power: 'poweredOn' } });
    }
    const start = simulator().log.lastSequence;
    simulator().execute({ command: 'freezeClock' });
    await onAll('Take...');
    await acceptList('Take Snapshots of 30 VMs');
    for (const step of [1, 2, 3]) {
      await quickInput.waitForStep(`Take Snapshots of 30 VMs (${step}/3)`);
      await quickInput.accept();
    }
    const sent = (): number =>
      [...callsSince(start, 'CreateSnapshotEx_Task').values()].filter((calls) => calls > 0).length;
    await eventually('some to be sent', () => sent() >= 2);
    await own.killExtensionHosts();
    const before = sent();
    assert.ok(before < labVms.length);
    simulator().execute({ command: 'resumeClock' });
    await eventually('what was sent to end', () => snapshotCounts().filter((count) => count === 1).length === before);

    // The window starts another process by itself.
    const rest = labVms.length - before;
    const message = `When a window closed, ${rest} VMs had not been started: Take snapshot. Nothing was sent for them.`;
    await notifications.waitFor(message);
    const group = workbench.tree('Recent Tasks').row('Take snapshot – 30 VMs');
    await group.waitForDescription(new RegExp(`^${before} done · ${rest} not started`));
    assert.equal(sent(), before);

    await notifications.press(message, 'Review...');
    await acceptList(`Take Snapshots of ${rest} VMs`, labVms[before]);
    await eventually('all to have one', () => snapshotCounts().every((count) => count === 1));
    assert.deepEqual([...new Set(callsSince(start, 'CreateSnapshotEx_Task').values())], [1]);
  });
});
