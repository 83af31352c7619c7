import assert from 'node:assert/strict';

import { usePerson } from './person';
import { useServer } from './server';
import { addFirstServer, waitUntilConnected } from './steps';

// VMware's simulator and the embedded vCenter side by side: whatever the one does, the other works.
describe('two servers in one window', () => {
  const person = usePerson();
  const server = useServer();
  const demoLabel = 'vc-paris';
  const demoVm = 'SQL02';
  let label = '';

  it('are both connected and shown', async () => {
    const { workbench } = person();
    label = await addFirstServer(workbench, server());
    await workbench.palette.run('vSphere: Explore with Demo vCenter');
    await waitUntilConnected(workbench, demoLabel);
    await waitUntilConnected(workbench, label);
  });

  it('are worked on by one command', async () => {
    const { workbench } = person();
    const { quickInput, palette } = workbench;
    const [vm = ''] = server().vms;
    await workbench.copy(`${vm}\n${demoVm}, NO-SUCH-VM`);
    await palette.run('vSphere: Take Snapshots of VMs by Name...');
    await quickInput.waitForStep('Take Snapshots of 2 VMs');
    await quickInput.waitForOption(vm);
    const options = await quickInput.options();
    assert.deepEqual(options.map((option) => option.label).sort(), [vm, demoVm].sort());
    for (const [name, place] of [
      [vm, label],
      [demoVm, demoLabel],
    ] as const) {
      const description = options.find((option) => option.label === name)?.description ?? '';
      assert.ok(description.includes(place), description);
    }
    assert.match((await quickInput.separators()).join(' '), /Not found: NO-SUCH-VM/);
    await quickInput.accept();
    await quickInput.waitForStep('Take Snapshots of 2 VMs (1/3)');
    await quickInput.type('on both');
    await quickInput.accept();
    await quickInput.waitForStep('Take Snapshots of 2 VMs (2/3)');
    await quickInput.accept();
    await quickInput.waitForStep('Take Snapshots of 2 VMs (3/3)');
    await quickInput.accept();
    await workbench.tree('Recent Tasks').row('Take snapshot – 2 VMs').waitForDescription(/^done/);
    assert.equal(await server().snapshotTree(vm), 'on both*');
  });

  it('have their snapshots in one list', async () => {
    const { workbench } = person();
    await workbench.palette.run('vSphere: View as All Snapshots');
    const tree = workbench.tree('Inventory');
    const fresh = tree.row({ label: /^Under 3 days \(\d+\)$/, level: 1 });
    await fresh.reveal();
    await fresh.expand();
    for (const place of [label, demoLabel]) {
      const row = tree.row({ label: 'on both', description: new RegExp(` · ${place.replaceAll('.', '\\.')}$`) });
      await row.reveal();
    }
    await workbench.palette.run('vSphere: View as Folders');
  });

  it('do not draw each other down', async () => {
    const { workbench } = person();
    const { quickInput, palette } = workbench;
    await server().stop();
    const tree = workbench.tree('Inventory');
    const row = tree.row({ label, level: 1 });
    await row.reveal();
    await row.waitForDescription(/^offline since /);
    await palette.run('vSphere: Take Snapshot...');
    await quickInput.waitForStep('Take Snapshot');
    await quickInput.type(demoVm);
    await quickInput.choose(demoVm);
    for (const step of [1, 2, 3]) {
      await quickInput.waitForStep(`Take Snapshot of '${demoVm}' (${step}/3)`);
      await quickInput.accept();
    }
    await workbench
      .tree('Recent Tasks')
      .row({ label: /^Take snapshot 'Snapshot .* – SQL02$/, level: 1 })
      .waitForDescription(/^done in /);
  });
});
