import assert from 'node:assert/strict';

import type { ContextMenu } from '../../support/workbench/page/contextMenu';
import type { Stage } from '../operations/stage';
import { managedVm } from './openManager';

/** What happens elsewhere while a panel is on view. */
export function liveScenarios(stage: () => Stage): void {
  it('shows at once what was changed elsewhere, and keeps what is selected', async () => {
    const vm = await managedVm(stage(), 'live: first', 'live: second');
    const { manager } = stage().workbench;
    await manager.select('live: first');
    await stage().server.takeSnapshots(vm, 'live: third');
    await manager.waitForRows('live: first', 'live: second', 'live: third', 'You are here');
    await manager.waitUntilSelected('live: first');
    await manager.waitUntilAnnounced("Snapshot 'live: third' was added.");
  });

  it('marks the VM from the menu of its name, and offers to take the mark away', async () => {
    const vm = await managedVm(stage(), 'marked: first');
    const { workbench } = stage();
    const { manager } = workbench;
    const menuThatEndsWith = async (...marks: readonly string[]): Promise<ContextMenu> => {
      const opened = await manager.vmMenu();
      assert.deepEqual((await opened.entries()).slice(-4), [...marks, '-', 'Delete All Snapshots...']);
      return opened;
    };
    await (await manager.vmMenu()).choose('Add to Favorites');
    // The heading stands above all that the tree shows at the moment.
    const favorites = workbench.tree('Inventory').row({ label: 'Favorites (1)', level: 1 });
    await favorites.reveal();
    await (await manager.vmMenu()).choose('Mark as Protected');
    await manager.frame.locator('.facts', { hasText: 'protected' }).waitFor();
    const menu = await menuThatEndsWith('Remove Protection', 'Remove from Favorites');
    await stage().picture('marked');
    await menu.choose('Remove from Favorites');
    await favorites.waitUntilGone();
    await (await manager.vmMenu()).choose('Remove Protection');
    await manager.frame.locator('.facts', { hasText: 'protected' }).waitFor({ state: 'detached' });
    await (await menuThatEndsWith('Mark as Protected', 'Add to Favorites')).close();
    await manager.waitFor(vm);
  });

  it('dims what is no longer up to date, says since when, and connects again', async () => {
    const vm = await managedVm(stage(), 'stale: first');
    const { manager } = stage().workbench;
    const server = stage().inventoryRow('127.0.0.2');
    await server.reveal();
    await server.choose('Disconnect');
    await manager.status('stale', /^\s*Not connected to '127\.0\.0\.2' since .*This is how it was then\./);
    assert.deepEqual(await manager.rows(), ['stale: first', 'You are here']);
    await stage().picture('stale');
    await manager.frame.getByRole('button', { name: 'Connect' }).click();
    await manager.frame.locator('main.state-live').waitFor();
    await stage().server.takeSnapshots(vm, 'stale: second');
    await manager.waitForRows('stale: first', 'stale: second', 'You are here');
  });

  it('shows a task of somebody else where it happens', async () => {
    const vm = await managedVm(stage(), 'busy: first');
    const { manager } = stage().workbench;
    const { simulator } = stage();
    simulator.execute({ command: 'setSpeed', speed: 1 });
    simulator.execute({ command: 'freezeClock' });
    try {
      simulator.execute({
        command: 'startTask',
        user: 'CORP\\veeam',
        vm,
        operation: 'take',
        name: 'busy: theirs',
        memory: true,
      });
      await manager.row('You are here').locator('.busy', { hasText: 'taking snapshot' }).waitFor();
      simulator.execute({ command: 'advanceClock', ms: 5_000 });
      await manager.row('You are here').locator('.busy', { hasText: /\d+%/ }).waitFor();
      await stage().picture('busy');
    } finally {
      simulator.execute({ command: 'resumeClock' });
      simulator.execute({ command: 'setSpeed', speed: 20 });
    }
    await manager.waitForRows('busy: first', 'busy: theirs', 'You are here');
  });

  it('says that the VM is gone, and closes when it is told to', async () => {
    const vm = await managedVm(stage(), 'gone: only');
    const { manager } = stage().workbench;
    stage().simulator.execute({ command: 'removeVm', vm });
    await manager.status('gone', `'${vm}' no longer exists, or you may no longer see it.`);
    await stage().picture('gone');
    await manager.frame.getByRole('button', { name: 'Close' }).click();
    await stage()
      .workbench.page.locator('.tabs-container .tab', { hasText: `Snapshots: ${vm}` })
      .waitFor({
        state: 'detached',
      });
  });
}
