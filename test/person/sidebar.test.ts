import assert from 'node:assert/strict';

import { oneLine } from '../../src/common/text';
import { groundTruth, type VmTruth } from '../../src/simulator/control/groundTruth';
import { eventually } from '../support/eventually';
import type { TreeRowText } from '../support/workbench/page/tree';
import { usePerson } from './person';
import { simulatorOf, useServer } from './server';
import { addFirstServer, waitUntilConnected } from './steps';

// What somebody arranges in the sidebar for himself: what is shown, and how.
describe('the sidebar', () => {
  const person = usePerson();
  const server = useServer();
  let label = '';

  function vms(): readonly VmTruth[] {
    return groundTruth(simulatorOf(server()).server).vms;
  }

  async function rows(): Promise<readonly TreeRowText[]> {
    return await person().workbench.tree('Inventory').rows();
  }

  /** Which rows are on view, and how deep. */
  async function shape(): Promise<readonly string[]> {
    return (await rows()).map((row) => `${row.level} ${row.label}`);
  }

  async function shownVms(): Promise<readonly string[]> {
    return (await rows()).filter(({ spoken }) => spoken.includes('virtual machine')).map((row) => row.label);
  }

  /** Loads the window anew, once what it keeps of the view looks like this. */
  async function reload(...kept: readonly RegExp[]): Promise<void> {
    const { workbench } = person();
    await eventually('it to be kept', async () => {
      // Texts in texts.
      const storage = (await workbench.browserStorage()).replaceAll('\\', '');
      const shown = storage.match(/"(?:expansion|filter\.tree|favorites)":.{0,400}/gs)?.join('\n') ?? 'nothing is kept';
      for (const each of kept) {
        assert.match(storage, each, shown);
      }
      return true;
    });
    await workbench.reload();
    await workbench.openContainer('vSphere Snapshots');
    await waitUntilConnected(workbench, label);
  }

  async function openFilter(button = 'Filter...'): Promise<void> {
    const { workbench } = person();
    await workbench.pressViewAction('Inventory', button);
    await workbench.quickInput.waitForStep('Filter');
  }

  async function typeValue(step: string, value: string): Promise<void> {
    const { quickInput } = person().workbench;
    await quickInput.waitForStep(step);
    await quickInput.type(value);
    await quickInput.accept();
  }

  before(async () => {
    const { workbench } = person();
    label = await addFirstServer(workbench, server());
    await workbench.resizeSideBar(420);
    await workbench.togglePane('Recent Tasks');
  });

  it('shows what is ticked in Filter..., says so beside its title, and shows all again after one click', async () => {
    const { workbench } = person();
    const { quickInput, gestures } = workbench;
    await openFilter();
    await quickInput.tick('Powered off', true);
    await quickInput.tick('Has snapshots', true);
    await quickInput.accept();
    await quickInput.waitUntilClosed();
    await workbench.waitForViewDescription('Inventory', 'powered off, has snapshots');
    const expected = vms()
      .filter(({ power, isTemplate, snapshots }) => power === 'poweredOff' && !isTemplate && snapshots.length > 0)
      .map(({ name }) => oneLine(name));
    assert.ok(expected.includes('BUILD7') && expected.length > 2);
    await eventually('just these', async () => {
      assert.deepEqual([...(await shownVms())].sort(), expected.sort());
      return true;
    });

    // With a condition more that takes a value, and what is there already ticked.
    await openFilter('Change Filter...');
    await quickInput.tick('Snapshot older than...', true);
    await quickInput.accept();
    await typeValue('Filter (2/2)', '100');
    await quickInput.waitUntilClosed();
    await workbench.waitForViewDescription('Inventory', 'powered off, has snapshots, older than 100 days');
    await eventually('the oldest', async () => {
      assert.deepEqual(await shownVms(), ['GOLD-IMAGE']);
      return true;
    });

    await workbench.tree('Inventory').row('GOLD-IMAGE').select();
    await gestures.start();
    await workbench.pressViewAction('Inventory', 'Clear Filter');
    await workbench.waitForViewDescription('Inventory', '');
    const { gestures: done } = await gestures.read();
    console.log(`      to clear the filter: ${done.join(', ')}`);
    assert.equal(done.length, 1);
  });

  it('says what it looked for when there is nothing, and offers to clear that', async () => {
    const { workbench } = person();
    await openFilter();
    await workbench.quickInput.tick('Name...', true);
    await workbench.quickInput.accept();
    await typeValue('Filter (2/2)', 'no such thing');
    await workbench.waitForTextInSideBar('No VM matches "no such thing".');
    await workbench.pressViewAction('Inventory', 'Clear Filter');
    await workbench.waitForViewDescription('Inventory', '');
  });

  it('keeps favorites at the top, also after a reload, until they are none any more', async () => {
    const { workbench } = person();
    const tree = workbench.tree('Inventory');
    await tree.row({ label, level: 1 }).expand();
    await tree.expand(label, 'DC1');
    await tree.select('VM-01', 'VM-02');
    await tree.row('VM-02').choose('Add to Favorites');
    await tree.row({ label: 'Favorites (2)', level: 1 }).waitFor();
    await reload(/"expanded":\[[^\]]*\/folders\//, /"favorites":\["[^"]+","[^"]+"\]/);
    await tree.row({ label: 'Favorites (2)', level: 1 }).waitFor();
    assert.deepEqual(
      (await rows()).slice(0, 3).map((row) => row.label),
      ['Favorites (2)', 'VM-01', 'VM-02'],
    );
    await tree.row({ label: 'VM-02', level: 2 }).choose('Remove from Favorites');
    await tree.row({ label: 'Favorites (1)', level: 1 }).waitFor();
    // It has stayed where it was.
    await tree.row({ label: 'VM-02', level: 3 }).reveal();
  });

  it('comes back from a reload with its layout, its filter and what was unfolded', async () => {
    const { workbench } = person();
    const tree = workbench.tree('Inventory');
    const { palette, quickInput } = workbench;
    await server().takeSnapshots('VM-01', 'first', 'second');
    await tree.row({ label: 'VM-01', level: 2 }).waitForDescription(/2 snapshots/);
    await tree.row({ label: 'VM-01', level: 2 }).expand();
    await tree.row({ label: 'second', level: 3 }).waitFor();
    await tree.row({ label: 'Favorites (1)', level: 1 }).select();
    const asFolders = await shape();
    await reload(/"expanded":\[[^\]]*"favorites\//);
    await eventually('the same rows', async () => {
      assert.deepEqual(await shape(), asFolders);
      return true;
    });

    await palette.run('vSphere: View as Hosts and Clusters');
    await openFilter();
    await quickInput.tick('Name...', true);
    await quickInput.tick('Running', true);
    await quickInput.accept();
    await typeValue('Filter (2/2)', 'SQL*');
    await workbench.waitForViewDescription('Inventory', 'SQL*, running');
    await tree.row({ label: /PAR-PROD/ }).waitFor();
    await tree.row('SQL02').waitFor();
    const asHosts = await shape();
    assert.ok(!asHosts.some((row) => row.endsWith('Databases')));
    await reload(/"states":\["on"\]/);
    await workbench.waitForViewDescription('Inventory', 'SQL*, running');
    await eventually('the same rows', async () => {
      assert.deepEqual(await shape(), asHosts);
      return true;
    });
    await workbench.pressViewAction('Inventory', 'Clear Filter');
    await palette.run('vSphere: View as Folders');
    await eventually('the folders as they were', async () => {
      assert.deepEqual(await shape(), asFolders);
      return true;
    });
  });

  it('stays folded after Collapse All, whatever changes, and after a reload', async () => {
    const { workbench } = person();
    const tree = workbench.tree('Inventory');
    await workbench.pressViewAction('Inventory', 'Collapse All');
    const top = ['1 Favorites (1)', `1 ${label}`];
    await eventually('only the top', async () => {
      assert.deepEqual(await shape(), top);
      return true;
    });
    await server().takeSnapshots('VM-01', 'third');
    await tree.row({ label: 'Favorites (1)', level: 1 }).expand();
    await tree.row({ label: 'VM-01', level: 2 }).waitForDescription(/3 snapshots/);
    await tree.row({ label: 'Favorites (1)', level: 1 }).collapse();
    assert.deepEqual(await shape(), top);
    await reload(/"collapsed":\[[^\]]*"group\/favorites"/);
    await eventually('only the top again', async () => {
      assert.deepEqual(await shape(), top);
      return true;
    });
  });

  it('takes what the editor cancels while it closes for no error', async () => {
    const { workbench, server: own } = person();
    await workbench.copy('GHOST-1');
    await workbench.palette.run('vSphere: Take Snapshots of VMs by Name...');
    // It is still there when the window closes.
    await workbench.notifications.waitFor('Not found: GHOST-1.');
    await workbench.reload();
    await workbench.openContainer('vSphere Snapshots');
    await waitUntilConnected(workbench, label);
    const log = own.logText('vSphere Snapshots');
    assert.match(log, /\[info\] Activated\./);
    assert.deepEqual(
      log.split('\n').filter((line) => line.includes('[error]')),
      [],
    );
  });

  it('hides what inventory.hide says, and nothing else', async () => {
    const { workbench } = person();
    const tree = workbench.tree('Inventory');
    const machines = async (): Promise<readonly string[]> => {
      await workbench.openContainer('vSphere Snapshots');
      await waitUntilConnected(workbench, label);
      await tree.expand(label, 'Paris');
      await tree.row({ label: 'Infrastructure', level: 3 }).expand();
      await tree.row('DC01').waitFor();
      return await shownVms();
    };
    const usual = await machines();
    assert.ok(usual.includes('DC02'));
    assert.equal(await tree.row('vCLS').isVisible(), false);
    await workbench.changeSettings({ 'vsphereSnapshots.inventory.hide': ['*02'] });
    const changed = await machines();
    assert.ok(!changed.includes('DC02') && changed.includes('DC01'));
    await tree.row({ label: 'vCLS', level: 3 }).waitFor();
    await workbench.changeSettings({ 'vsphereSnapshots.inventory.hide': undefined });
  });

  it('shows the demo as it was left, though that starts anew', async () => {
    const { workbench } = person();
    const tree = workbench.tree('Inventory');
    await workbench.openContainer('vSphere Snapshots');
    await workbench.palette.run('vSphere: Explore with Demo vCenter');
    const vm = tree.row({ label: 'SQL01', description: /3 snapshots/ });
    await vm.waitUntilFocused();
    await vm.choose('Add to Favorites');
    const favorites = tree.row({ label: 'Favorites (2)', level: 1 });
    // It comes above everything else, which may be a moment after somebody looked there.
    await favorites.reveal();
    // What is unfolded is kept in one place, what is at hand in another.
    await reload(/"favorites":\[[^\]]*"demo\//, /"expanded":\[[^\]]*"demo\/VirtualMachine:/);
    await waitUntilConnected(workbench, 'vc-paris');
    await favorites.waitFor();
    await tree.row({ label: 'before KB5034', description: /41d/ }).reveal();
  });
});
