import assert from 'node:assert/strict';

import { eventually } from '../support/eventually';
import type { TestServer } from '../support/servers/testServer';
import type { Workbench } from '../support/workbench/page/workbench';

/**
 * Adds a server as a person does who has none yet: address, certificate, user, password. Waits until its VMs are counted.
 * @returns the name under which the server is shown
 */
export async function addFirstServer(workbench: Workbench, server: TestServer): Promise<string> {
  await beginAddServer(workbench);
  return await answerAddServer(workbench, server);
}

/**
 * Answers all that *Add Server* asks, and waits until the server's VMs are counted.
 *
 * @param label - the name under which it is shown then
 */
export async function answerAddServer(
  workbench: Workbench,
  server: TestServer,
  label = new URL(server.url).hostname,
): Promise<string> {
  const { quickInput } = workbench;
  await acceptAddress(workbench, server.address);
  await waitForCertificate(workbench, server);
  await workbench.dialog.press('Trust');

  await quickInput.waitForStep('Add Server (2/3)');
  const isList = (await quickInput.options()).length > 0;
  await quickInput.type(server.userName);
  if (isList) {
    // Of the accounts that other servers use.
    await eventually('what was typed', async () => (await quickInput.options())[0]?.description === 'as typed');
  }
  await quickInput.accept();
  await quickInput.waitForStep('Add Server (3/3)');
  assert.equal(await quickInput.isPassword(), true);
  await quickInput.type(server.password);
  await quickInput.accept();
  await quickInput.waitUntilClosed();
  await waitUntilConnected(workbench, label);
  // A window that is loaded anew before that knows nothing of the server.
  await eventually('the server to be kept', async () => (await workbench.browserStorage()).includes(server.userName));
  return label;
}

/** Opens the view and presses the large button in it. */
export async function beginAddServer(workbench: Workbench): Promise<void> {
  await workbench.openContainer('vSphere Snapshots');
  await workbench.pressWelcomeButton('Add Server...');
}

/** Answers the first question of *Add Server*. */
export async function acceptAddress({ quickInput }: Workbench, address: string): Promise<void> {
  await quickInput.waitForStep('Add Server (1/3)');
  await quickInput.type(address);
  await quickInput.accept();
}

/** Waits for the question whether to trust a certificate, and checks that it is that of the server. */
export async function waitForCertificate({ dialog }: Workbench, server: TestServer): Promise<void> {
  const { detail } = await dialog.waitFor(/^Trust the certificate of '/);
  const shown = detail.split('\n').filter((line) => /^(?:[0-9A-F]{2}:){7}[0-9A-F]{2}$/.test(line));
  assert.equal(shown.join(':'), server.fingerprint);
}

/** Waits until a server shows how many VMs it has. */
export async function waitUntilConnected(workbench: Workbench, label: string): Promise<void> {
  await workbench
    .tree('Inventory')
    .row({ label, level: 1 })
    .waitForDescription(/\d+ VMs/);
}
