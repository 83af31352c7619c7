import assert from 'node:assert/strict';
import path from 'node:path';

import { runProgram } from '../support/processes';
import { repositoryRoot } from '../support/repositoryRoot';
import { TemporaryFolder } from '../support/temporaryFolder';
import { usePerson } from './person';
import { useServer } from './server';
import { addFirstServer } from './steps';

describe('the packed extension', () => {
  const folder = new TemporaryFolder('package');
  const vsix = folder.resolve('extension.vsix');

  before(async () => {
    const script = path.join(__dirname, '..', '..', 'scripts', 'package.js');
    await runProgram(process.execPath, [script, `--out=${vsix}`], { cwd: repositoryRoot() });
  });

  after(() => {
    folder.remove();
  });

  const person = usePerson(() => ({ extensionFolders: [], vsixFiles: [vsix] }));
  const server = useServer();

  it('works once it is installed, with the native code that it brings', async () => {
    const { address, userName, password } = server();
    await addFirstServer(person().workbench, server());
    assert.equal(await person().readKeychain(`${userName}@${address}`), password);
  });

  it('has its demo vCenter in it', async () => {
    const { workbench } = person();
    await workbench.palette.run('vSphere: Explore with Demo vCenter');
    await workbench
      .tree('Inventory')
      .row({ label: 'vc-paris', level: 1 })
      .waitForDescription(/demo · \d+ VMs/);
  });
});
