import path from 'node:path';
import type { Browser } from 'playwright-core';
import { providePart } from '../../test/support/machineParts';
import { runProgram } from '../../test/support/processes';
import { repositoryRoot } from '../../test/support/repositoryRoot';
import type { TemporaryFolder } from '../../test/support/temporaryFolder';
import { launchBrowser } from '../../test/support/workbench/browser';
import { installWorkbench } from '../../test/support/workbench/install';
import { Workbench } from '../../test/support/workbench/page/workbench';
import { WorkbenchServer } from '../../test/support/workbench/server';
import { Stopwatch } from './stopwatch';

const container = 'vSphere Snapshots';

/** A real workbench with the packed extension and a stopwatch beside it. Whoever opens one closes it. */
export class BenchWindow {
  private constructor(
    private present: Workbench,
    readonly stopwatch: Stopwatch,
    private readonly server: WorkbenchServer,
    private readonly browser: Browser,
  ) {}

  /** Packs the extension, installs it in a new workbench and opens a window. */
  static async open(scratch: TemporaryFolder): Promise<BenchWindow> {
    const installation = await installWorkbench({ logs: 'required' }, console.log);
    await providePart('browser', console.log);
    const vsix = scratch.resolve('extension.vsix');
    const packing = path.join(repositoryRoot(), 'out', 'js', 'scripts', 'package.js');
    await runProgram(process.execPath, [packing, `--out=${vsix}`], { cwd: repositoryRoot() });
    const stopwatch = new Stopwatch(scratch.resolve('stopwatch'));
    const server = await WorkbenchServer.start(installation, {
      extensionFolders: [Stopwatch.extensionFolder],
      vsixFiles: [vsix],
      settings: {
        'workbench.tree.expandMode': 'doubleClick',
        'workbench.tree.enableStickyScroll': false,
        'vsphereSnapshots.credentials.store': 'session',
      },
      env: stopwatch.env,
      idleLimitSeconds: 300,
    });
    let browser: Browser | undefined;
    try {
      browser = await launchBrowser();
      const workbench = await Workbench.open(browser, server.addressOf(), { userDataFolder: server.userDataFolder });
      return new BenchWindow(workbench, stopwatch, server, browser);
    } catch (error) {
      await browser?.close();
      await server.stop();
      throw error;
    }
  }

  /** Shows the product's views, which starts it in a window that is new. */
  async show(): Promise<void> {
    await this.workbench.openContainer(container);
  }

  get workbench(): Workbench {
    return this.present;
  }

  /**
   * Opens another window in place of this one, with nothing remembered, and waits until it has nothing more to do. The
   * product is not started in it: a window that is loaded anew would show its views again and start it at once.
   */
  async renew(): Promise<void> {
    this.stopwatch.forget();
    await this.present.close();
    const { server } = this;
    this.present = await Workbench.open(this.browser, server.addressOf(), { userDataFolder: server.userDataFolder });
    await this.stopwatch.settle();
  }

  async close(): Promise<void> {
    await this.workbench.close();
    await this.browser.close();
    await this.server.stop();
  }
}
