import { usePerson } from './person';

describe('smoke', () => {
  const person = usePerson();

  it('shows the view from the activity bar, and the log', async () => {
    const { workbench } = person();
    await workbench.openContainer('vSphere Snapshots');
    await workbench.waitForTextInSideBar('Take, restore and delete VMware vSphere snapshots.');
    await workbench.pressInSideBar('Show Log');
    await workbench.output.waitForLine('Activated.');
  });
});
