import assert from 'node:assert/strict';

import { makeCertificate } from '../../src/simulator/devCertificates';
import { eventually } from '../support/eventually';
import { ScriptedServer } from '../support/scriptedServer';
import { filesWithSecret, holdsSecret } from '../support/secretSearch';
import { usePerson } from './person';
import { serverKind, simulatorOf, useServer } from './server';
import { acceptAddress, beginAddServer, waitForCertificate, waitUntilConnected } from './steps';

describe('add a server', () => {
  const person = usePerson();
  const server = useServer();
  const label = '127.0.0.2';

  /** Types an answer, and waits for what is wrong with it in the same step. */
  async function isRefused(step: string, text: string, message: string | RegExp): Promise<void> {
    const { quickInput } = person().workbench;
    await quickInput.waitForStep(step);
    await quickInput.type(text);
    await quickInput.accept();
    await quickInput.waitForMessage(message);
    await quickInput.waitForStep(step);
  }

  it('says in the step of the address what is wrong with it', async () => {
    await beginAddServer(person().workbench);
    await isRefused('Add Server (1/3)', '', 'Enter the name or IP address of a vCenter or ESXi server.');
    await isRefused('Add Server (1/3)', 'vcenter:70000', 'A port is a number from 1 to 65535.');
    await isRefused('Add Server (1/3)', 'nowhere.invalid', "Can't find 'nowhere.invalid'. Check the name or your VPN.");
  });

  it('says there that nobody answers, or somebody else', async () => {
    const other = await ScriptedServer.start((_request, response) => response.end('<html>A printer</html>'));
    const { host, port } = other;
    await isRefused('Add Server (1/3)', `http://${host}:${port}`, "isn't a vCenter or ESXi server.");
    await other.close();
    await isRefused(
      'Add Server (1/3)',
      `${host}:${port}`,
      `'${host}:${port}' doesn't answer on port ${port}. Check VPN, firewall or the provider's IP allow list.`,
    );
  });

  it('shows the certificate, and goes no further without trust in it', async () => {
    const { workbench } = person();
    await acceptAddress(workbench, server().address);
    await waitForCertificate(workbench, server());
    // Enter must not trust.
    assert.equal(await workbench.dialog.focusedButton(), 'Copy Fingerprint');
    await workbench.dialog.press('Copy Fingerprint');
    await waitForCertificate(workbench, server());
    assert.equal(await workbench.clipboard(), server().fingerprint);
    await workbench.dialog.press('Cancel');
    await workbench.quickInput.waitForStep('Add Server (1/3)');
    await workbench.quickInput.waitForMessage(/certificate of '127\.0\.0\.2'\. Your password was not sent\./);
  });

  it('says in the step of the password that it is wrong, and asks the server once', async () => {
    const { workbench } = person();
    const { quickInput } = workbench;
    await acceptAddress(workbench, server().address);
    await waitForCertificate(workbench, server());
    await workbench.dialog.press('Trust');
    await quickInput.waitForStep('Add Server (2/3)');
    await quickInput.type(server().userName);
    await quickInput.accept();
    await isRefused(
      'Add Server (3/3)',
      'not the password',
      /^'.*' refused the user name or password\. It was not tried/,
    );
    assert.equal(await quickInput.isPassword(), true);
    if (serverKind() === 'simulator') {
      const logins = server().simulator?.log.all.filter(({ method }) => method === 'Login');
      assert.deepEqual(
        logins?.map(({ outcome }) => outcome),
        ['InvalidLogin'],
      );
    }
  });

  it('adds and connects it once all is right', async () => {
    const { workbench } = person();
    await workbench.quickInput.type(server().password);
    await workbench.quickInput.accept();
    await workbench.quickInput.waitUntilClosed();
    await waitUntilConnected(workbench, label);
  });

  it('keeps the password in the keychain of the operating system', async () => {
    const { address, userName, password } = server();
    assert.equal(await person().readKeychain(`${userName}@${address}`), password);
  });

  it('finds the server and its password again after a restart', async () => {
    const { workbench } = person();
    await workbench.reload();
    await workbench.openContainer('vSphere Snapshots');
    await waitUntilConnected(workbench, label);
  });

  it('leaves the password nowhere else', async () => {
    const { workbench, server: written } = person();
    const files = written.writtenFiles();
    assert.ok(files.some((file) => file.endsWith('vSphere Snapshots.log')));
    assert.deepEqual(filesWithSecret(files, server().password), []);
    const storage = await workbench.browserStorage();
    // What is searched is the place where state is kept: the server is in it.
    assert.ok(storage.includes(server().userName));
    assert.equal(holdsSecret(storage, server().password), false);
  });

  // vcsim has one certificate for life.
  if (serverKind() === 'simulator') {
    it('sends nothing to a server whose certificate has changed, until that is trusted, too', async () => {
      const { workbench } = person();
      const { fingerprint } = server();
      const simulator = simulatorOf(server());
      const { certificate, privateKey, sha256 } = await makeCertificate({ names: [label] });
      simulator.execute({ command: 'replaceCertificate', key: privateKey, cert: certificate });
      const before = simulator.log.lastSequence;
      simulator.execute({ command: 'dropConnections' });
      const row = workbench.tree('Inventory').row({ label, level: 1 });
      await row.waitForDescription('certificate has changed');

      const notice = workbench
        .tree('Inventory')
        .row("The certificate of '127.0.0.2' has changed. You are not connected. Your password was not sent.");
      await notice.press('Review Certificate...');
      const { detail, buttons } = await workbench.dialog.waitFor(/^The certificate of '127\.0\.0\.2' has changed/);
      const oneLine = detail.replace(/(?<=[0-9A-F]{2})\n(?=[0-9A-F]{2}:)/g, ':');
      assert.ok(oneLine.includes(fingerprint) && oneLine.includes(sha256), detail);
      assert.deepEqual(buttons, ['Trust New Certificate', 'Cancel', 'Keep Disconnected']);
      assert.equal(await workbench.dialog.focusedButton(), 'Keep Disconnected');
      await workbench.dialog.press('Keep Disconnected');
      await row.waitForDescription('certificate has changed');
      assert.deepEqual(simulator.log.since(before), []);

      await notice.press('Review Certificate...');
      await workbench.dialog.waitFor(/^The certificate of '127\.0\.0\.2' has changed/);
      await workbench.dialog.press('Trust New Certificate');
      await waitUntilConnected(workbench, label);
      await eventually('a login', () => simulator.log.since(before).some(({ method }) => method === 'Login'));
    });
  }
});
