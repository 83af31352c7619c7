import assert from 'node:assert/strict';

import { filesWithSecret, holdsSecret } from '../support/secretSearch';
import { usePerson } from './person';
import { useServer } from './server';
import { addFirstServer, waitUntilConnected } from './steps';

describe('add a server', () => {
  const server = useServer();
  const person = usePerson();
  let label = '';

  it('asks for address, user and password, and whether its certificate is to be trusted', async () => {
    label = await addFirstServer(person().workbench, server());
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
    assert.deepEqual(filesWithSecret(written.writtenFiles(), server().password), []);
    assert.equal(holdsSecret(await workbench.browserStorage(), server().password), false);
  });
});
