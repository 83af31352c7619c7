import assert from 'node:assert/strict';

import { eventually } from '../support/eventually';
import { usePerson } from './person';
import { useServer } from './server';
import { answerAddServer } from './steps';

describe('walkthrough and guards', () => {
  const person = usePerson();
  const server = useServer();

  async function waitUntilTicked(step: string): Promise<void> {
    const { page } = person().workbench;
    const ticked = page
      .locator('.getting-started-step')
      .filter({ hasText: step })
      .locator('.codicon-getting-started-step-checked')
      .first();
    await eventually(`the step '${step}' to be ticked off`, async () => (await ticked.count()) > 0);
  }

  it('ticks off the first step when the demo is there', async () => {
    const { workbench } = person();
    await workbench.palette.run('Welcome: Open Walkthrough...');
    await workbench.quickInput.choose('Get Started with vSphere Snapshots');
    await workbench.page.locator('.getting-started-step').filter({ hasText: 'Explore with the Demo' }).waitFor();
    await workbench.page.getByRole('button', { name: 'Explore with Demo vCenter' }).first().click();
    await workbench
      .tree('Inventory')
      .row('SQL01')
      .waitForDescription(/3 snapshots/);
    await waitUntilTicked('Explore with the Demo');
  });

  it('ticks off what is taken and what is protected', async () => {
    const { workbench } = person();
    const tree = workbench.tree('Inventory');
    await tree.row('Databases').choose('Mark as Protected');
    await waitUntilTicked('Protect What Must Not Be Lost');
    const vm = tree.row('SQL01');
    await eventually('the row to say so', async () => (await vm.text()).spoken.endsWith(', protected'));
    await tree.row('SQL01').press('Take Snapshot...');
    for (const step of [1, 2, 3]) {
      await workbench.quickInput.waitForStep(`Take Snapshot of 'SQL01' (${step}/3)`);
      await workbench.quickInput.accept();
    }
    await tree.row('SQL01').waitForDescription(/4 snapshots/);
    await waitUntilTicked('Take a Snapshot');
  });

  it('ticks off what is restored, and a server that is added, and with that all five steps', async () => {
    const { workbench } = person();
    const tree = workbench.tree('Inventory');
    await tree.row('Web').expand();
    await tree.row('WEB01').choose('Snapshots', 'Restore to Latest Snapshot... (Revert)');
    await workbench.dialog.waitFor(/^Restore 'WEB01' to 'before OpenSSL'\?$/);
    await workbench.dialog.press('Restore');
    await waitUntilTicked('Restore It');
    await workbench.pressViewAction('Inventory', 'Add Server...');
    await answerAddServer(workbench, server());
    await waitUntilTicked('Add Your Server');
    const ticks = workbench.page.locator('.getting-started-step .codicon-getting-started-step-checked');
    console.log(`      ${await ticks.count()} steps are ticked off`);
    assert.equal(await ticks.count(), 5);
  });

  it('has the name typed before data on a protected VM is lost, and gives the keyboard back', async () => {
    const { workbench } = person();
    const row = workbench.tree('Inventory').row('SQL01');
    await row.choose('Snapshots', 'Delete All Snapshots...');
    await workbench.dialog.press('Delete 4 Snapshots');
    await workbench.quickInput.waitForStep("Delete 4 Snapshots of 'SQL01'");
    await workbench.quickInput.cancel();
    await workbench.quickInput.waitUntilClosed();
    await row.waitUntilFocused();
    await row.waitForDescription(/4 snapshots/);
  });

  it('changes nothing on a read-only server until that is taken back', async () => {
    const { workbench } = person();
    const tree = workbench.tree('Inventory');
    await tree.row('vc-paris').choose('Make Read-Only');
    await tree.row('vc-paris').waitForDescription(/read-only/);
    await tree.row('SQL01').press('Take Snapshot...');
    await workbench.notifications.press(/'vc-paris' is read-only here/, 'Allow Changes...');
    await workbench.dialog.waitFor("Allow changes on 'vc-paris'?");
    await workbench.dialog.press('Allow Changes');
    await tree.row('vc-paris').waitForDescription(/^demo · 71 VMs/);
    await tree.row('SQL01').press('Take Snapshot...');
    await workbench.quickInput.waitForStep("Take Snapshot of 'SQL01' (1/3)");
    await workbench.quickInput.cancel();
  });
});
