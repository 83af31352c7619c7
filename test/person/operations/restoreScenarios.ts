import assert from 'node:assert/strict';

import { eventually } from '../../support/eventually';
import type { ServerKind } from '../../support/servers/serverKind';
import { operation, type Stage } from './stage';

// Right click, menu entry, button of the dialog, button of the message.
const gesturesToRestoreAndPowerOn = 4;

const restoreSnapshot = 'Restore Snapshot... (Revert)';

/** Waits for the dialog that warns before a restore, and keeps it as a picture. */
async function waitForWarning(stage: Stage, vm: string, snapshot: string): Promise<void> {
  const { dialog } = stage.workbench;
  const { detail, buttons } = await dialog.waitFor(`Restore '${vm}' to '${snapshot}'?`);
  assert.match(detail, /^Taken .*, disks only\.\nLost: .*\nThen: powered off\. The VM is running now .*\nKept: /);
  assert.deepEqual(buttons, ['Restore', 'Cancel', 'Take Snapshot, Then Restore']);
  assert.equal(await dialog.focusedButton(), 'Take Snapshot, Then Restore');
  await stage.picture('dialog');
}

/** Where the server stops a VM by restoring it to a snapshot without memory; vcsim leaves it running. */
async function waitUntilOff({ server }: Stage, vm: string): Promise<void> {
  if (server.kind === 'simulator') {
    await eventually(`${vm} to be off`, async () => !(await server.isRunning(vm)));
  }
}

export function restoreScenarios(kind: ServerKind, stage: () => Stage): void {
  operation('restore', kind, stage, () => {
    it('goes back to the snapshot of the row', async () => {
      const vm = await stage().newVm('restore: first', 'restore: second');
      await (await stage().showSnapshot(vm, 'restore: first')).choose(restoreSnapshot);
      await waitForWarning(stage(), vm, 'restore: first');
      await stage().workbench.dialog.press('Restore');
      await stage().waitForTree(vm, 'restore: first* (restore: second)');
      await waitUntilOff(stage(), vm);
      await stage()
        .taskRow(`Restore snapshot 'restore: first' – ${vm}`)
        .waitForDescription(/^done in /);
      await stage().picture('restored');
    });

    it('does nothing when the person thinks better of it', async () => {
      const vm = await stage().newVm('kept: first', 'kept: second');
      await (await stage().showSnapshot(vm, 'kept: first')).choose(restoreSnapshot);
      await waitForWarning(stage(), vm, 'kept: first');
      await stage().workbench.dialog.press('Cancel');
      assert.equal(await stage().server.snapshotTree(vm), 'kept: first (kept: second*)');
      const tasks = await stage().server.doneTasks(vm);
      assert.deepEqual(
        tasks.filter((name) => name.startsWith('Revert')),
        [],
      );
    });
  });

  operation('restore, snapshot first', kind, stage, () => {
    it('keeps the present state, then goes back', async () => {
      const vm = await stage().newVm('safe: first', 'safe: second');
      await (await stage().showSnapshot(vm, 'safe: first')).choose(restoreSnapshot);
      await waitForWarning(stage(), vm, 'safe: first');
      await stage().workbench.dialog.press('Take Snapshot, Then Restore');
      await stage().waitForTree(vm, "safe: first* (safe: second (Before restore to 'safe: first'))");
      await waitUntilOff(stage(), vm);
      await stage()
        .taskRow(`Restore snapshot 'safe: first' – ${vm}`)
        .waitForDescription(/^done in /);
      const safety = (await stage().server.snapshots(vm)).at(-1);
      assert.equal(safety?.hasMemory, false);
      await stage().picture('restored');
    });
  });

  operation('restore, from the palette', kind, stage, () => {
    it('goes back to the snapshot that is picked', async () => {
      const vm = await stage().newVm('picked: first', 'picked: second');
      const { palette, quickInput, dialog } = stage().workbench;
      await palette.run(`vSphere: ${restoreSnapshot}`);
      await quickInput.waitForStep('Restore Snapshot');
      await quickInput.type(vm);
      await quickInput.choose(vm);
      await quickInput.waitForPlaceholder(`Snapshot of '${vm}'`);
      await stage().picture('snapshots');
      await quickInput.choose('picked: first');
      await waitForWarning(stage(), vm, 'picked: first');
      await dialog.press('Restore');
      await stage().waitForTree(vm, 'picked: first* (picked: second)');
    });
  });

  operation('restore to latest', kind, stage, () => {
    it('goes back to the current snapshot and names it', async () => {
      const vm = await stage().newVm('latest: first', 'latest: second');
      await stage().server.restore(vm, 'latest: first');
      await (await stage().showVm(vm)).choose('Snapshots', 'Restore to Latest Snapshot... (Revert)');
      const { detail } = await stage().workbench.dialog.waitFor(`Restore '${vm}' to 'latest: first'?`);
      assert.match(detail, /A newer snapshot exists on another branch: 'latest: second'/);
      await stage().picture('dialog');
      await stage().workbench.dialog.press('Restore');
      await stage()
        .taskRow(`Restore to latest snapshot 'latest: first' – ${vm}`)
        .waitForDescription(/^done in /);
      await stage().waitForTree(vm, 'latest: first* (latest: second)');
      await waitUntilOff(stage(), vm);
      const tasks = await stage().server.doneTasks(vm);
      // vcsim calls it RevertSnapshot.
      assert.ok(tasks.includes(kind === 'simulator' ? 'RevertToCurrentSnapshot' : 'RevertSnapshot'), tasks.join(', '));
      await stage().picture('restored');
    });
  });

  operation(
    'power on after a restore',
    kind,
    stage,
    () => {
      it('takes at most four gestures with the restore', async () => {
        const vm = await stage().newVm('quick: first');
        const row = await stage().showSnapshot(vm, 'quick: first');
        const { gestures, dialog, notifications } = stage().workbench;
        await gestures.start();
        await row.choose(restoreSnapshot);
        await dialog.waitFor(`Restore '${vm}' to 'quick: first'?`);
        await dialog.press('Restore');
        const message = `'${vm}' was restored and is powered off.`;
        await notifications.waitFor(message);
        await stage().picture('message');
        assert.equal(await stage().server.isRunning(vm), false);
        await notifications.press(message, 'Power On');
        await eventually(`${vm} to run`, async () => await stage().server.isRunning(vm));
        const count = await gestures.read();
        console.log(`      gestures: ${count.gestures.join(', ')}`);
        assert.ok(count.gestures.length <= gesturesToRestoreAndPowerOn, count.gestures.join(', '));
        await stage()
          .inventoryRow(vm)
          .waitForDescription(/^<?\d*\w* ?· ?1 snapshot$|1 snapshot$/);
        await stage().picture('running');
      });
    },
    () => {
      it('is not offered, as there is nothing to power on', async () => {
        const vm = await stage().newVm('quick: first');
        await (await stage().showSnapshot(vm, 'quick: first')).choose(restoreSnapshot);
        await stage().workbench.dialog.waitFor(`Restore '${vm}' to 'quick: first'?`);
        await stage().workbench.dialog.press('Restore');
        await stage()
          .taskRow(`Restore snapshot 'quick: first' – ${vm}`)
          .waitForDescription(/^done in /);
        assert.equal(await stage().server.isRunning(vm), true);
        const menu = await stage().inventoryRow(vm).menu();
        assert.equal((await menu.entries()).includes('Power On'), false);
        await menu.close();
      });
    },
  );

  operation('power on', kind, stage, () => {
    it('starts a VM that is off, from its menu', async () => {
      const vm = await stage().newVm();
      await stage().server.powerOff(vm);
      const row = await stage().showVm(vm);
      await row.waitForDescription('off');
      await stage().picture('off');
      await row.choose('Power On');
      await eventually(`${vm} to run`, async () => await stage().server.isRunning(vm));
      await stage()
        .taskRow(`Power on – ${vm}`)
        .waitForDescription(/^done in /);
      await stage().picture('running');
    });
  });
}
