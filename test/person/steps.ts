import assert from 'node:assert/strict';

import type { TestServer } from '../support/servers/testServer';
import type { Workbench } from '../support/workbench/page/workbench';

/**
 * Adds a server as a person does who has none yet: address, certificate, user, password. Waits until its VMs are counted.
 * @returns the name under which the server is shown
 */
export async function addFirstServer(workbench: Workbench, server: TestServer): Promise<string> {
  const { quickInput, dialog } = workbench;
  await workbench.openContainer('vSphere Snapshots');
  await workbench.pressWelcomeButton('Add Server...');

  await quickInput.waitForStep('Add Server (1/3)');
  await quickInput.type(server.address);
  await quickInput.accept();
  const { detail } = await dialog.waitFor(/^Trust the certificate of '/);
  const shown = detail.split('\n').filter((line) => /^(?:[0-9A-F]{2}:){7}[0-9A-F]{2}$/.test(line));
  assert.equal(shown.join(':'), server.fingerprint);
  assert.equal(await dialog.focusedButton(), 'Copy Fingerprint');
  await dialog.press('Trust');

  await quickInput.waitForStep('Add Server (2/3)');
  await quickInput.type(server.userName);
  await quickInput.accept();
  await quickInput.waitForStep('Add Server (3/3)');
  assert.equal(await quickInput.isPassword(), true);
  await quickInput.type(server.password);
  await quickInput.accept();
  await quickInput.waitUntilClosed();

  const label = new URL(server.url).hostname;
  await waitUntilConnected(workbench, label);
  return label;
}

/** Waits until a server shows how many VMs it has. */
export async function waitUntilConnected(workbench: Workbench, label: string): Promise<void> {
  await workbench
    .tree('Inventory')
    .row({ label, level: 1 })
    .waitForDescription(/\d+ VMs/);
}
