import assert from 'node:assert/strict';

import { groundTruth } from '../../../src/simulator/control/groundTruth';
import { eventually } from '../../support/eventually';
import type { ServerKind } from '../../support/servers/serverKind';
import type { SnapshotOnServer } from '../../support/servers/testServer';
import { operation, type Stage } from './stage';

// Enter for name, description and contents.
const entersToTake = 3;

/** Answers the questions of a take: what is typed, and which contents are chosen. */
async function answer(stage: Stage, vm: string, name: string, contents: string, description = ''): Promise<void> {
  const { quickInput } = stage.workbench;
  await quickInput.waitForStep(`Take Snapshot of '${vm}' (1/3)`);
  await quickInput.type(name);
  await quickInput.accept();
  await quickInput.waitForStep(`Take Snapshot of '${vm}' (2/3)`);
  await quickInput.type(description);
  await quickInput.accept();
  await quickInput.waitForStep(`Take Snapshot of '${vm}' (3/3)`);
  await quickInput.waitForOption(contents);
  await stage.picture('questions');
  await quickInput.choose(contents);
  await quickInput.waitUntilClosed();
}

async function onlySnapshot(stage: Stage, vm: string, name: string): Promise<SnapshotOnServer> {
  await stage.waitForTree(vm, `${name}*`);
  const [snapshot] = await stage.server.snapshots(vm);
  assert.ok(snapshot !== undefined);
  return snapshot;
}

export function takeScenarios(kind: ServerKind, stage: () => Stage): void {
  operation('take, disks only', kind, stage, () => {
    it('takes what is suggested, with Enter three times after the menu', async () => {
      const { workbench, server } = stage();
      const vm = await stage().newVm();
      const menu = await (await stage().showVm(vm)).menu();
      await menu.choose('Snapshots', 'Take Snapshot...');
      const { quickInput, gestures } = workbench;
      await gestures.start();
      for (const step of [1, 2, 3]) {
        await quickInput.waitForStep(`Take Snapshot of '${vm}' (${step}/3)`);
        await stage().picture(`question ${step}`);
        await quickInput.accept();
      }
      await quickInput.waitUntilClosed();
      await stage()
        .inventoryRow(vm)
        .waitForDescription(/1 snapshot$/);
      const count = await gestures.read();
      console.log(`      gestures after the menu: ${count.gestures.join(', ')}`);
      assert.deepEqual(
        count.gestures,
        Array.from({ length: entersToTake }, () => 'Enter'),
      );

      const [snapshot] = await server.snapshots(vm);
      assert.match(snapshot?.name ?? '', /^Snapshot \d{4}-\d\d-\d\d \d\d:\d\d$/);
      assert.deepEqual({ ...snapshot, name: '' }, { name: '', description: '', hasMemory: false, isQuiesced: false });
      await stage().picture('taken');
    });

    it('takes a snapshot of any name, by the button in the row', async () => {
      const vm = await stage().newVm();
      const name = '50 % / <b>"KB"</b> \\ %2f $(x) ünï';
      await (await stage().showVm(vm)).press('Take Snapshot...');
      await answer(stage(), vm, name, 'Disks only', 'CHG-1 & more');
      await stage().inventoryRow(name).waitFor();
      const [snapshot] = await eventually('the snapshot', async () => {
        const snapshots = await stage().server.snapshots(vm);
        return snapshots.length === 1 && snapshots;
      });
      // Names are sent with every `%` escaped, which a vCenter undoes and vcsim does not.
      assert.equal(snapshot?.name, kind === 'simulator' ? name : name.replaceAll('%', '%25'));
      assert.equal(snapshot.description, 'CHG-1 & more');
    });
  });

  operation('take, with memory', kind, stage, () => {
    it('takes it, and shows how far it is', async () => {
      const vm = await stage().newVm();
      const row = await stage().showVm(vm);
      if (kind === 'simulator') {
        await stepByStep(stage(), vm);
      } else {
        await row.choose('Snapshots', 'Take Snapshot...');
        await answer(stage(), vm, 'with memory', 'Disks and memory');
      }
      assert.deepEqual(await onlySnapshot(stage(), vm, 'with memory'), {
        name: 'with memory',
        description: '',
        hasMemory: true,
        isQuiesced: false,
      });
      await stage()
        .inventoryRow(vm)
        .waitForDescription(/1 snapshot$/);
      await stage()
        .inventoryRow('with memory')
        .waitForDescription(/memory/);
      await stage()
        .taskRow(`Take snapshot 'with memory' – ${vm}`)
        .waitForDescription(/^done in .*127\.0\.0\.2$/);
      await stage().picture('taken');
    });
  });

  operation('take, quiesced', kind, stage, () => {
    it('takes it when VMware Tools run', async () => {
      const vm = await stage().newVm();
      await stage().server.letToolsRun(vm);
      await (await stage().showVm(vm)).choose('Snapshots', 'Take Snapshot...');
      await answer(stage(), vm, 'quiesced', 'Disks, quiesced by VMware Tools');
      assert.deepEqual(await onlySnapshot(stage(), vm, 'quiesced'), {
        name: 'quiesced',
        description: '',
        hasMemory: false,
        isQuiesced: true,
      });
      await stage().inventoryRow('quiesced').waitFor();
      await stage().picture('taken');
    });
  });

  operation('take, from the palette', kind, stage, () => {
    it('takes it of the VM that is picked', async () => {
      const vm = await stage().newVm();
      const { palette, quickInput } = stage().workbench;
      await palette.run('vSphere: Take Snapshot...');
      await quickInput.waitForStep('Take Snapshot');
      await quickInput.type(vm);
      await quickInput.waitForOption(vm);
      await stage().picture('VMs');
      await quickInput.choose(vm);
      await answer(stage(), vm, 'from the palette', 'Disks only');
      await onlySnapshot(stage(), vm, 'from the palette');
    });
  });
}

/** Takes a snapshot with memory while the server's time moves only when it is told to, and looks at what shows it. */
async function stepByStep(stage: Stage, vm: string): Promise<void> {
  const { simulator } = stage;
  simulator.execute({ command: 'setSpeed', speed: 1 });
  simulator.execute({ command: 'freezeClock' });
  try {
    await stage.inventoryRow(vm).choose('Snapshots', 'Take Snapshot...');
    await answer(stage, vm, 'with memory', 'Disks and memory');
    await eventually('the task on the server', () =>
      groundTruth(simulator.server).tasks.some(
        ({ method, state }) => method.startsWith('Create') && state === 'queued',
      ),
    );
    // Of the 12 seconds that it takes for 4 GB; the server tells its progress once a second.
    for (const seconds of [4, 4]) {
      simulator.execute({ command: 'advanceClock', ms: seconds * 1_000 });
      const percent = await eventually('progress on the server', () => {
        const task = groundTruth(simulator.server).tasks.find(({ state }) => state === 'running');
        return task?.progress;
      });
      await stage.inventoryRow(vm).waitForDescription(`taking snapshot ${percent}%`);
      await stage
        .taskRow(`Take snapshot 'with memory' – ${vm}`)
        .waitForDescription(new RegExp(`^${percent}% .*127\\.0\\.0\\.2$`));
      await stage.picture(`at ${percent} percent`);
    }
    assert.equal(await stage.server.snapshotTree(vm), '');
    simulator.execute({ command: 'advanceClock', ms: 10_000 });
  } finally {
    simulator.execute({ command: 'resumeClock' });
    simulator.execute({ command: 'setSpeed', speed: 20 });
  }
}
