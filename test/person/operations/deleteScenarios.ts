import assert from 'node:assert/strict';

import { eventually } from '../../support/eventually';
import type { ServerKind } from '../../support/servers/serverKind';
import { operation, type Stage } from './stage';

export function deleteScenarios(kind: ServerKind, stage: () => Stage): void {
  operation(
    'edit',
    kind,
    stage,
    () => {
      it('changes name and description', async () => {
        const vm = await stage().newVm('edit: before');
        await edit(stage(), vm, 'edit: before', 'edit: after <b>', 'now with a reason');
        await stage().waitForTree(vm, 'edit: after <b>*');
        const [snapshot] = await stage().server.snapshots(vm);
        assert.equal(snapshot?.description, 'now with a reason');
        await stage().inventoryRow('edit: after <b>').waitFor();
        await stage().picture('edited');
      });
    },
    () => {
      it('is refused in words', async () => {
        const vm = await stage().newVm('edit: before');
        await edit(stage(), vm, 'edit: before', 'edit: after', 'now with a reason');
        await refusedInWords(stage());
        assert.equal(await stage().server.snapshotTree(vm), 'edit: before*');
      });
    },
  );

  operation('delete', kind, stage, () => {
    it('deletes the snapshot of the row; those below it stay', async () => {
      const vm = await stage().newVm('delete: first', 'delete: second', 'delete: third');
      await (await stage().showSnapshot(vm, 'delete: second')).choose('Delete Snapshot...');
      const { dialog } = stage().workbench;
      const { detail, buttons } = await dialog.waitFor(`Delete snapshot 'delete: second' of '${vm}'?`);
      assert.match(detail, /1 snapshot below it stays\./);
      assert.deepEqual(buttons, ['Cancel', 'Delete']);
      await stage().picture('dialog');
      await dialog.press('Delete');
      await stage().waitForTree(vm, 'delete: first (delete: third*)');
      await stage().inventoryRow('delete: second').waitUntilGone();
      await stage().picture('deleted');
    });

    it('deletes by the Delete key', async () => {
      const vm = await stage().newVm('key: only');
      await (await stage().showSnapshot(vm, 'key: only')).select();
      await eventually('the Delete key to be taken', async () => {
        // It means something only once the extension has heard of the selection.
        await stage().workbench.page.keyboard.press('Delete');
        return await stage().workbench.dialog.isOpen();
      });
      await stage().workbench.dialog.waitFor(`Delete snapshot 'key: only' of '${vm}'?`);
      await stage().workbench.dialog.press('Delete');
      await stage().waitForTree(vm, '');
    });
  });

  operation('delete with children', kind, stage, () => {
    it('deletes the snapshot of the row and what hangs under it', async () => {
      const vm = await stage().newVm('branch: base', 'branch: one', 'branch: two');
      // With the present state elsewhere, the branch is what goes.
      await stage().server.restore(vm, 'branch: base');
      await stage().showVm(vm);
      await stage().inventoryRow('branch: base').expand();
      await stage().inventoryRow('branch: one').choose('Delete Snapshot with Children...');
      const { dialog } = stage().workbench;
      const { detail, buttons } = await dialog.waitFor("Delete 'branch: one' and the snapshot below it?");
      assert.match(detail, /'branch: one' .*\n'branch: two' /);
      assert.deepEqual(buttons, ['Cancel', 'Delete 2 Snapshots']);
      await stage().picture('dialog');
      await dialog.press('Delete 2 Snapshots');
      await stage().waitForTree(vm, 'branch: base*');
      await stage().inventoryRow('branch: one').waitUntilGone();
      await stage().picture('deleted');
    });
  });

  operation('delete all', kind, stage, () => {
    it('deletes every snapshot of a VM, and names them', async () => {
      const vm = await stage().newVm('all: first', 'all: second', 'all: third');
      await (await stage().showVm(vm)).choose('Snapshots', 'Delete All Snapshots...');
      const { dialog } = stage().workbench;
      const { detail, buttons } = await dialog.waitFor(`Delete all 3 snapshots of '${vm}'?`);
      assert.match(detail, /'all: first' .*\n'all: second' .*\n'all: third' /);
      assert.deepEqual(buttons, ['Cancel', 'Delete 3 Snapshots']);
      await stage().picture('dialog');
      await dialog.press('Delete 3 Snapshots');
      await stage().waitForTree(vm, '');
      await stage().inventoryRow('all: first').waitUntilGone();
      await stage().picture('deleted');
    });
  });

  operation(
    'consolidate',
    kind,
    stage,
    () => {
      it('merges disks that were left over', async () => {
        const vm = await stage().newVm();
        stage().simulator.execute({ command: 'leaveDisks', vm, count: 2 });
        const row = await stage().showVm(vm);
        await row.waitForDescription('needs consolidation');
        await stage().picture('needed');
        await row.choose('Snapshots', 'Consolidate...');
        const { dialog } = stage().workbench;
        const { detail } = await dialog.waitFor(`Consolidate the disks of '${vm}'?`);
        assert.match(
          detail,
          /^Leftover disks are merged; no snapshot is lost\..*\nNeeds up to .* on DS-01; .* free\.$/,
        );
        await stage().picture('dialog');
        await dialog.press('Consolidate');
        await stage()
          .taskRow(`Consolidate – ${vm}`)
          .waitForDescription(/^done in /);
        await row.waitForDescription('');
        assert.ok((await stage().server.doneTasks(vm)).includes('ConsolidateVMDisks'));
        await stage().picture('consolidated');
      });
    },
    () => {
      it('is refused in words', async () => {
        const vm = await stage().newVm();
        await (await stage().showVm(vm)).choose('Snapshots', 'Consolidate...');
        const { dialog } = stage().workbench;
        await dialog.waitFor(`'${vm}' doesn't need consolidation.`);
        await dialog.press('Consolidate Anyway');
        await refusedInWords(stage());
      });
    },
  );
}

async function edit(stage: Stage, vm: string, from: string, name: string, description: string): Promise<void> {
  await (await stage.showSnapshot(vm, from)).choose('Edit Snapshot...');
  const { quickInput } = stage.workbench;
  const title = `Edit Snapshot '${from}' of '${vm}'`;
  await quickInput.waitForStep(`${title} (1/2)`);
  await quickInput.type(name);
  await stage.picture('name');
  await quickInput.accept();
  await quickInput.waitForStep(`${title} (2/2)`);
  await quickInput.type(description);
  await quickInput.accept();
  await quickInput.waitUntilClosed();
}

/** A server that lacks a method says so with one fault or the other. */
async function refusedInWords(stage: Stage): Promise<void> {
  const { notifications } = stage.workbench;
  await notifications.waitFor(/'127\.0\.0\.2' does not offer this\.|does not support this/);
  await stage.picture('refused');
  await notifications.clear();
}
