// Runs the tests of test/host inside the extension host of a real VS Code, with a keyring of their own.
//   node out/js/test/host/run.js [--grep=TEXT] [--allow-missing=NAME]
import path from 'node:path';
import { parseArgs } from 'node:util';

import { runTests, TestRunFailedError } from '@vscode/test-electron';

import { providePart } from '../support/machineParts';
import { PrivateKeyring } from '../support/privateKeyring';
import { exitOnSignals } from '../support/processes';
import { repositoryRoot } from '../support/repositoryRoot';
import { TemporaryFolder } from '../support/temporaryFolder';
import { chooseVsCodeExecutable } from '../support/workbench/chooseExecutable';
import { quietSettings } from '../support/workbench/quietSettings';
import { writeUserSettings } from '../support/workbench/userSettings';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { grep: { type: 'string' } } });
  const executable = await chooseVsCodeExecutable(console.log);
  const keyring = (await providePart('keyring', console.log)) ? await PrivateKeyring.start() : undefined;
  // Not in the checkout: sockets lie below it, and their paths must be short.
  const folder = new TemporaryFolder('host');
  const workspace = folder.resolve('workspace', 'notes.txt');
  writeUserSettings(folder.resolve('user-data'), quietSettings);
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: repositoryRoot(),
      extensionTestsPath: path.join(__dirname, 'index.js'),
      launchArgs: [
        path.dirname(workspace),
        `--user-data-dir=${folder.resolve('user-data')}`,
        `--extensions-dir=${folder.resolve('extensions')}`,
      ],
      extensionTestsEnv: { ...keyring?.env, ...(values.grep !== undefined && { TEST_GREP: values.grep }) },
    });
  } finally {
    await keyring?.stop();
    folder.remove();
  }
}

exitOnSignals();
main().catch((error: unknown) => {
  // The reporter has told which tests failed; the rest is for people who read this.
  console.error(error instanceof TestRunFailedError ? error.message : error);
  process.exitCode = 1;
});
