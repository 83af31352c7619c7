import assert from 'node:assert/strict';

import { groundTruth } from '../../src/simulator/control/groundTruth';
import type { Simulator } from '../../src/simulator/simulator';
import { eventually } from '../support/eventually';
import { commandLineOf, descendantsOf, environmentOf } from '../support/processTree';
import { filesWithSecret, holdsSecret } from '../support/secretSearch';
import { labVms } from '../support/servers/simulatorServer';
import { usePerson } from './person';
import { simulatorOf, useServer } from './server';
import { addFirstServer } from './steps';

const vm = labVms[0] ?? '';

describe('what is left behind', () => {
  const person = usePerson();
  const server = useServer();

  const simulator = (): Simulator => simulatorOf(server());

  const consolidations = (): number =>
    simulator().log.all.filter(({ method }) => method === 'ConsolidateVMDisks_Task').length;
  const isConsolidated = (): boolean =>
    groundTruth(simulator().server).vms.find(({ name }) => name === vm)?.consolidationNeeded === false;

  it('a consolidation whose window is killed is followed to its end by the next one, and sent once', async () => {
    const { workbench } = person();
    const { palette, quickInput, dialog } = workbench;
    await addFirstServer(workbench, server());
    simulator().execute({ command: 'leaveDisks', vm, count: 2 });
    // Slow enough for the clock to be stopped in the middle.
    simulator().execute({ command: 'setSpeed', speed: 1 });
    await palette.run('vSphere: Find VM...');
    await quickInput.waitForStep('Find VM');
    await quickInput.type(vm);
    await quickInput.waitForOption(vm);
    await quickInput.choose(vm);
    await quickInput.waitUntilClosed();
    const row = workbench.tree('Inventory').row(vm);
    await row.waitForDescription(/needs consolidation/);
    await row.choose('Snapshots', 'Consolidate...');
    await dialog.waitFor(`Consolidate the disks of '${vm}'?`);
    await dialog.press('Consolidate');
    const task = workbench.tree('Recent Tasks').row(`Consolidate – ${vm}`);
    await eventually('it to be sent', () => consolidations() === 1);
    simulator().execute({ command: 'freezeClock' });
    await eventually('the server to be at work', () => {
      simulator().execute({ command: 'advanceClock', ms: 10 });
      return groundTruth(simulator().server).tasks.some(({ progress = 0 }) => progress > 0 && progress < 100);
    });
    await task.waitForDescription(/%/);

    await person().server.killExtensionHosts();
    await workbench.reload();
    await workbench.openContainer('vSphere Snapshots');
    await task.waitForDescription(/%/);
    assert.equal(isConsolidated(), false);

    simulator().execute({ command: 'resumeClock' });
    await task.waitForDescription(/^done in /);
    assert.equal(isConsolidated(), true);
    assert.equal(consolidations(), 1);
  });

  it('the password is in the keychain, and in no other place that there is', async () => {
    const { workbench, server: host } = person();
    const { userName, address, password } = server();
    await workbench.openContainer('vSphere Snapshots');
    assert.equal(await person().readKeychain(`${userName}@${address}`), password);

    const files = host.writtenFiles();
    const processes = await descendantsOf(host.processId);
    const texts: readonly (readonly [place: string, holds: RegExp | undefined, texts: readonly string[]])[] = [
      ["the browser's storage", new RegExp(userName), [await workbench.browserStorage()]],
      ['what is on the screen, hidden parts too', /Recent Tasks/, [await workbench.wholePage()]],
      ['notifications', undefined, await workbench.notifications.messages()],
      ['command lines of processes', /extensionHost/, await Promise.all(processes.map(commandLineOf))],
      ['environments of processes', /PATH=/, processes.map(environmentOf)],
    ];
    const kinds: readonly (readonly [place: string, file: RegExp])[] = [
      ['the log of the product', /vSphere Snapshots\.log$/],
      ['logs of the editor and its extension hosts', /logs?\/.*\.log$/],
      ['the journal of operations', /\/journal\//],
      ['state, settings and workspaces of the editor', /\/User\//],
      ['everything else that was written to disk', /./],
    ];
    for (const [place, pattern] of kinds) {
      const found = files.filter((file) => pattern.test(file));
      console.log(`      searched: ${place} (${found.length} files)`);
      assert.ok(found.length > 0, `there is nothing to search in: ${place}`);
      assert.deepEqual(filesWithSecret(found, password), [], place);
    }
    for (const [place, holds, contents] of texts) {
      console.log(`      searched: ${place} (${contents.join('').length} characters)`);
      // What is searched is the place that it is taken for.
      assert.ok(holds === undefined || contents.some((content) => holds.test(content)), place);
      assert.deepEqual(
        contents.filter((content) => holdsSecret(content, password)),
        [],
        place,
      );
    }
  });
});
