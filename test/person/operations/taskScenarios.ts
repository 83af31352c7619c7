import assert from 'node:assert/strict';

import { groundTruth } from '../../../src/simulator/control/groundTruth';
import { eventually } from '../../support/eventually';
import type { ServerKind } from '../../support/servers/serverKind';
import { operation, type Stage } from './stage';

export function taskScenarios(kind: ServerKind, stage: () => Stage): void {
  operation(
    'stop a task',
    kind,
    stage,
    () => {
      it('stops what runs, from its row in Recent Tasks', async () => {
        const { simulator, workbench } = stage();
        const vm = await stage().newVm();
        const row = await stage().showVm(vm);
        simulator.execute({ command: 'setSpeed', speed: 1 });
        simulator.execute({ command: 'freezeClock' });
        try {
          await takeWithMemory(stage(), vm);
          await eventually('the task on the server', () => taskState(stage()) === 'queued');
          simulator.execute({ command: 'advanceClock', ms: 4_000 });
          await row.waitForDescription(/^taking snapshot \d+%$/);
          const task = stage().taskRow(`Take snapshot 'stopped' – ${vm}`);
          await task.waitForDescription(/^\d+%/);
          await task.choose('Stop Task...');
          const { detail } = await workbench.dialog.waitFor(`Stop 'Take snapshot' on '${vm}'?`);
          assert.equal(detail, 'Disks may be left that need consolidation.');
          await stage().picture('dialog');
          await workbench.dialog.press('Stop Task');
          await eventually('the server to be asked', () =>
            simulator.log.all.some(({ method, outcome }) => method === 'CancelTask' && outcome === 'ok'),
          );
          simulator.execute({ command: 'advanceClock', ms: 2_000 });
          await task.waitForDescription(/^stopped after /);
        } finally {
          simulator.execute({ command: 'resumeClock' });
          simulator.execute({ command: 'setSpeed', speed: 20 });
        }
        assert.equal(await stage().server.snapshotTree(vm), '');
        assert.equal(taskState(stage()), 'error');
        await row.waitForDescription('');
        await stage().picture('stopped');
      });
    },
    () => {
      it('is not offered', async () => {
        const vm = await stage().newVm();
        await stage().showVm(vm);
        await takeWithMemory(stage(), vm);
        await stage().waitForTree(vm, 'stopped*');
        const menu = await stage().taskRow(`Take snapshot 'stopped' – ${vm}`).menu();
        assert.equal((await menu.entries()).includes('Stop Task...'), false);
        await menu.close();
      });
    },
  );
}

async function takeWithMemory(stage: Stage, vm: string): Promise<void> {
  const { quickInput } = stage.workbench;
  await stage.inventoryRow(vm).choose('Snapshots', 'Take Snapshot...');
  await quickInput.waitForStep(`Take Snapshot of '${vm}' (1/3)`);
  await quickInput.type('stopped');
  await quickInput.accept();
  await quickInput.waitForStep(`Take Snapshot of '${vm}' (2/3)`);
  await quickInput.accept();
  await quickInput.waitForStep(`Take Snapshot of '${vm}' (3/3)`);
  await quickInput.choose('Disks and memory');
  await quickInput.waitUntilClosed();
}

/** State of the newest task on the server. */
function taskState({ simulator }: Stage): string | undefined {
  return groundTruth(simulator.server).tasks.at(-1)?.state;
}
