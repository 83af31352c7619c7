import path from 'node:path';

import type { Browser } from 'playwright-core';

import { providePart } from '../support/machineParts';
import { PrivateKeyring } from '../support/privateKeyring';
import { runProgram } from '../support/processes';
import { repositoryRoot } from '../support/repositoryRoot';
import { launchBrowser } from '../support/workbench/browser';
import { installWorkbench } from '../support/workbench/install';
import { Workbench } from '../support/workbench/page/workbench';
import { WorkbenchServer, type WorkbenchOptions } from '../support/workbench/server';

// Where pictures of failed tests go.
const pictureFolder = path.join(repositoryRoot(), 'out', 'person');

/**
 * Somebody with a VS Code of their own, fresh from the installer, and an unlocked keyring: what a scenario acts with.
 * Whoever starts one closes it.
 */
export class Person {
  private constructor(
    readonly workbench: Workbench,
    /** The server side of the workbench: its settings, its logs, what it has written to disk. */
    readonly server: WorkbenchServer,
    private readonly browser: Browser,
    private readonly keyring: PrivateKeyring | undefined,
  ) {}

  /** Starts everything. Without other word the extension of this checkout is installed. */
  static async start(options: WorkbenchOptions = {}): Promise<Person> {
    const installation = await installWorkbench({ logs: 'required' }, console.log);
    await providePart('browser', console.log);
    const keyring = (await providePart('keyring', console.log)) ? await PrivateKeyring.start() : undefined;
    let server: WorkbenchServer | undefined;
    let browser: Browser | undefined;
    try {
      server = await WorkbenchServer.start(installation, {
        extensionFolders: [repositoryRoot()],
        idleLimitSeconds: 300,
        ...options,
        settings: {
          // A click that selects a row must not also open or close it.
          'workbench.tree.expandMode': 'doubleClick',
          // Rows that stick to the top cover others, which then cannot be clicked.
          'workbench.tree.enableStickyScroll': false,
          ...options.settings,
        },
        env: {
          ...(keyring !== undefined && { DBUS_SESSION_BUS_ADDRESS: keyring.env['DBUS_SESSION_BUS_ADDRESS'] }),
          ...options.env,
        },
      });
      browser = await launchBrowser();
      const workbench = await Workbench.open(browser, server.addressOf(), { userDataFolder: server.userDataFolder });
      return new Person(workbench, server, browser, keyring);
    } catch (error) {
      await browser?.close();
      await server?.stop();
      await keyring?.stop();
      throw error;
    }
  }

  /** The password that the keyring has for an account of ours, read by another program; undefined when it has none. */
  async readKeychain(account: string): Promise<string | undefined> {
    const env = { ...process.env, ...this.keyring?.env };
    const lookUp = ['lookup', 'service', 'vSphere Snapshots', 'account', account];
    // It ends with 1 and says nothing when there is no such entry.
    return await runProgram('secret-tool', lookUp, { env }).then(
      ({ stdout }) => stdout,
      () => undefined,
    );
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await this.workbench.close();
    await this.browser.close();
    await this.server.stop();
    await this.keyring?.stop();
  }
}

/**
 * Gives the tests of a `describe` one person between them, from first to last. What a failed test saw last is kept as a
 * picture, and its texts are printed.
 */
export function usePerson(options: () => WorkbenchOptions = () => ({})): () => Person {
  let person: Person | undefined;
  before(async () => {
    person = await Person.start(options());
  });
  afterEach(async function () {
    const test = this.currentTest;
    if (person !== undefined && test?.state === 'failed') {
      const file = path.join(pictureFolder, `${test.fullTitle().replace(/[^A-Za-z0-9]+/g, '-')}.png`);
      await person.workbench.screenshot(file);
      console.log(`      what it saw last: ${file}`);
      console.log((await person.workbench.visibleTexts()).replace(/^/gm, '      | '));
      await person.workbench.dismiss();
    }
  });
  after(async () => {
    await person?.close();
  });
  return () => {
    if (person === undefined) {
      throw new Error('There is a person only while the tests run.');
    }
    return person;
  };
}
