import assert from 'node:assert/strict';
import path from 'node:path';
import { eventually } from '../support/eventually';
import { repositoryRoot } from '../support/repositoryRoot';
import { usePerson } from './person';

/** Pictures of what is asked and told about many VMs, to be looked at. */
const pictures = path.join(repositoryRoot(), 'out', 'person');

describe('many VMs at once', () => {
  const person = usePerson();

  const picture = async (name: string): Promise<void> => {
    await person().workbench.screenshot(path.join(pictures, `many-${name}.png`));
  };

  it('deletes all snapshots of a folder after one list and one number, in six gestures, with one row of tasks', async () => {
    const { workbench } = person();
    await workbench.openContainer('vSphere Snapshots');
    await workbench.pressWelcomeButton('Explore with Demo vCenter');
    const tree = workbench.tree('Inventory');
    await tree.row({ label: 'Databases' }).waitFor();
    await workbench.resizeSideBar(420);
    await workbench.notifications.startCounting();
    const folder = tree.row('Databases');
    await folder.choose('Snapshots of All VMs', 'Delete All...');
    await workbench.quickInput.waitForPlaceholder('Untick what is to stay as it is');
    const [heading] = await workbench.quickInput.separators();
    assert.equal(heading, 'Ready');
    await picture('review');
    await workbench.quickInput.accept();
    await workbench.quickInput.waitForStep(/^Delete \d+ Snapshots? on \d+ VMs$/);
    const amount = /Type (\d+)/.exec(await workbench.quickInput.text())?.[1];
    assert.ok(amount);
    await workbench.quickInput.type(amount);
    await picture('typed');
    await workbench.quickInput.accept();
    await workbench.quickInput.waitUntilClosed();
    const tasks = workbench.tree('Recent Tasks');
    const { label } = await eventually('the row of all of them', async () =>
      (await tasks.rows()).find((each) => each.label.startsWith('Delete all snapshots')),
    );
    const group = tasks.row(label);
    await group.waitForDescription(/of \d+ VMs/);
    await group.expand();
    await picture('running');
    // The largest merge of them takes half a minute.
    await eventually(
      'the end of all of them',
      async () => (await tasks.rows()).some((row) => row.label === label && row.description.includes('done')),
      120_000,
    );
    await picture('ended-light');
    await workbench.setTheme('dark');
    await picture('ended-dark');
    assert.ok((await workbench.notifications.shown()) <= 1, 'at most one toast for all of them');
  });
});
