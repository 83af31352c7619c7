import { usePerson } from './person';

describe('smoke', () => {
  const person = usePerson();

  it('shows the view with what it offers first', async () => {
    const { workbench } = person();
    await workbench.openContainer('vSphere Snapshots');
    await workbench.waitForTextInSideBar('Take, restore and delete VMware vSphere snapshots.');
  });
});
