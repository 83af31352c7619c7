import { usePerson } from './person';

describe('smoke', () => {
  const person = usePerson();

  it('shows the view with what it offers first', async () => {
    const { workbench } = person();
    await workbench.openContainer('vSphere Snapshots');
    await workbench.waitForTextInSideBar('Take, restore and delete VMware vSphere snapshots.');
  });

  it('takes a snapshot on the demo vCenter, with Enter three times', async () => {
    const { workbench } = person();
    await workbench.pressWelcomeButton('Explore with Demo vCenter');
    const vm = workbench.tree('Inventory').row('SQL01');
    await vm.waitForDescription(/3 snapshots/);
    await vm.press('Take Snapshot...');
    for (const step of [1, 2, 3]) {
      await workbench.quickInput.waitForStep(`Take Snapshot of 'SQL01' (${step}/3)`);
      await workbench.quickInput.accept();
    }
    await workbench.quickInput.waitUntilClosed();
    await vm.waitForDescription(/4 snapshots/);
  });
});
