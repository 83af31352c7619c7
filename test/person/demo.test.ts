import assert from 'node:assert/strict';
import path from 'node:path';

import type { Browser } from 'playwright-core';

import { eventually, within } from '../support/eventually';
import { providePart } from '../support/machineParts';
import { ProcessGroup } from '../support/processes';
import { descendantsOf, isRunning } from '../support/processTree';
import { repositoryRoot } from '../support/repositoryRoot';
import { launchBrowser } from '../support/workbench/browser';
import { Workbench } from '../support/workbench/page/workbench';

// It may have to install the workbench first.
const addressDeadlineMs = 240_000;

// What `npm run demo -- --no-open` runs once it has built everything.
describe('the demo', () => {
  let demo: ProcessGroup;
  let browser: Browser;
  let address = '';
  let printed = '';

  before(async () => {
    await providePart('browser', console.log);
    const script = path.join(__dirname, '..', '..', 'scripts', 'demo.js');
    demo = await ProcessGroup.start(process.execPath, [script, '--no-open'], {
      cwd: repositoryRoot(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    demo.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    browser = await launchBrowser();
  });

  after(async () => {
    await browser.close();
    await demo.stop();
  });

  it('prints the address of a workbench, and nothing else, on standard output', async () => {
    address = await eventually('the address', () => /http:\/\/\S+(?=\n)/.exec(printed)?.[0], addressDeadlineMs);
    assert.equal(printed, `vSphere Snapshots with its demo vCenter: ${address}\n`);
  });

  it('shows the demo vCenter there', async () => {
    const tree = (await Workbench.open(browser, address)).tree('Inventory');
    await tree.row({ label: 'vc-paris', level: 1 }).waitForDescription(/^demo · \d+ VMs/);
    await tree.row('SQL01').waitForDescription(/3 snapshots/);
    await tree.row('before KB5034').waitFor();
  });

  it('ends with all that it has started when it is asked to', async () => {
    const started = await descendantsOf(demo.processId);
    // The server, at least, and the extension host of the window that is still open.
    assert.ok(started.length >= 2, `it has started ${started.length} processes`);
    demo.child.kill('SIGTERM');
    const { code } = await within('the demo to end', 20_000, demo.ended);
    assert.equal(code, 0);
    for (const id of started) {
      await eventually(`process ${id} to end`, async () => !(await isRunning(id)));
    }
    await assert.rejects(fetch(address), TypeError);
  });
});
