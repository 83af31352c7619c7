import assert from 'node:assert/strict';
import timers from 'node:timers/promises';

import { groundTruth } from '../../src/simulator/control/groundTruth';
import type { Simulator } from '../../src/simulator/simulator';
import { eventually } from '../support/eventually';
import { usePerson } from './person';
import { simulatorOf, useServer } from './server';
import { addFirstServer, answerAddServer, waitUntilConnected } from './steps';

const updatesPerSecond = 1_000;
const secondsOfUpdates = 5;
const burstsPerSecond = 20;

// One is there before, and VS Code draws the first change at once even when it draws none after that.
const seenMeanwhile = 3;

const foreignTasks = 1_000;

// What an administrator must not be bothered with.
describe('calm', () => {
  const person = usePerson();
  const server = useServer();
  const another = useServer();
  let label = '';

  const simulator = (): Simulator => simulatorOf(server());

  before(async () => {
    label = await addFirstServer(person().workbench, server());
    await person().workbench.notifications.clear();
  });

  it('asks and says nothing when the window opens again', async () => {
    const { workbench } = person();
    await workbench.reload();
    await workbench.notifications.startCounting();
    await workbench.openContainer('vSphere Snapshots');
    await waitUntilConnected(workbench, label);
    assert.equal(await workbench.dialog.isOpen(), false);
    assert.equal(await workbench.quickInput.isOpen(), false);
    const toasts = await workbench.notifications.shown();
    console.log(`      at start-up: ${toasts} messages, no question`);
    assert.equal(toasts, 0);
    assert.deepEqual(await workbench.notifications.messages(), []);
  });

  it('leaves selection, scrolling and what is open as they are while 1,000 changes a second arrive', async () => {
    const { workbench } = person();
    const tree = workbench.tree('Inventory');
    await tree.row('DC1').expand();
    await tree.row('VM-20').reveal();
    await tree.row('VM-20').select();
    const shape = async (): Promise<unknown> => ({
      rows: (await tree.rows()).map((row) => `${row.level} ${row.label}`),
      selected: await tree.selectedLabels(),
    });
    const before = await shape();
    let isOver = false;
    const storm = churn(simulator(), server().vms).finally(() => {
      isOver = true;
    });
    const pictures = new Set<string>();
    await eventually('rows to follow what changes', async () => {
      pictures.add((await tree.rows()).map(({ description }) => description).join('|'));
      return pictures.size > seenMeanwhile;
    });
    assert.equal(isOver, false);
    const changed = await storm;
    await tree.row('VM-20').waitForDescription('off');
    assert.deepEqual(await shape(), before);
    console.log(`      ${changed} changes in ${secondsOfUpdates} s`);
    assert.ok(changed >= 0.9 * updatesPerSecond * secondsOfUpdates, `only ${changed} changes`);
  });

  it('makes no message of 1,000 tasks of others', async () => {
    const { workbench } = person();
    const { server: vcenter } = simulator();
    await workbench.notifications.startCounting();
    const vms = groundTruth(vcenter).vms.filter(({ name }) => server().vms.includes(name));
    let started = 0;
    while (started < foreignTasks) {
      for (const { id } of vms.slice(0, foreignTasks - started)) {
        const entity = vcenter.registry.find('VirtualMachine', id);
        assert.ok(entity !== undefined);
        vcenter.tasks.start({
          method: 'CreateSnapshot_Task',
          entity,
          userName: 'CORP\\veeam',
          operationId: undefined,
          locks: true,
          begin: () => ({ phase: 'Backing up', durationMs: 2_000, finish: () => ({ result: undefined }) }),
        });
        started++;
      }
      await eventually('their tasks to end', () => vms.every(({ id }) => isFree(simulator(), id)));
    }
    await workbench.tree('Inventory').row('VM-20').waitForDescription('off');
    console.log(`      ${started} tasks of others, ${await workbench.notifications.shown()} messages`);
    assert.equal(await workbench.notifications.shown(), 0);
    assert.deepEqual(await workbench.notifications.messages(), []);
  });

  it('shows the oldest snapshot of three servers after one command', async () => {
    const { workbench } = person();
    const { palette } = workbench;
    await palette.run('vSphere: Explore with Demo vCenter');
    await waitUntilConnected(workbench, 'vc-paris');
    await workbench.pressViewAction('Inventory', 'Add Server...');
    await answerAddServer(workbench, another(), another().address);
    await workbench.tree('Inventory').row({ label: 'Web', level: 4 }).reveal();
    await palette.run('vSphere: View as All Snapshots');
    console.log('      commands: 1');
    const oldest = workbench.tree('Inventory').row({ label: 'before update 1', description: /^912d · LEGACY-ERP · / });
    // Without scrolling, wherever the person was before.
    await oldest.waitFor();
    const [heading, ...oldestOfEach] = (await workbench.tree('Inventory').rows()).map((row) => row.label).slice(0, 4);
    assert.match(heading ?? '', /^Over 30 days \(\d+\)$/);
    assert.deepEqual(oldestOfEach, Array(3).fill('before update 1'));
  });
});

/** Switches VMs off and on, so many a second; all of them are off in the end. Gives the number of changes. */
async function churn(simulator: Simulator, vms: readonly string[]): Promise<number> {
  const perBurst = updatesPerSecond / burstsPerSecond;
  const startedAt = performance.now();
  let changes = 0;
  for (let burst = 0; burst < secondsOfUpdates * burstsPerSecond; burst++) {
    for (let index = 0; index < perBurst; index++) {
      const vm = vms[changes % vms.length] ?? '';
      const power = Math.floor(changes / vms.length) % 2 === 0 ? 'poweredOff' : 'poweredOn';
      simulator.execute({ command: 'changeVm', vm, change: { power } });
      changes++;
    }
    // The rate is what is being tested.
    await timers.setTimeout(Math.max(0, startedAt + ((burst + 1) * 1_000) / burstsPerSecond - performance.now()));
  }
  for (const vm of vms) {
    simulator.execute({ command: 'changeVm', vm, change: { power: 'poweredOff' } });
  }
  return changes;
}

function isFree({ server }: Simulator, vmId: string): boolean {
  const vm = server.registry.find('VirtualMachine', vmId);
  return vm !== undefined && server.tasks.lockOn(vm.ref) === undefined;
}
