// Makes the pictures of the README anew, from the demo vCenter in the real workbench, in a light and in a dark theme.
//   node out/js/scripts/screenshots.js [--out=FOLDER]
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import type { Browser } from 'playwright-core';

import { providePart } from '../test/support/machineParts';
import { exitOnSignals } from '../test/support/processes';
import { repositoryRoot } from '../test/support/repositoryRoot';
import { launchBrowser } from '../test/support/workbench/browser';
import { installWorkbench } from '../test/support/workbench/install';
import { type Rectangle, type ThemeKind, Workbench } from '../test/support/workbench/page/workbench';
import { WorkbenchServer } from '../test/support/workbench/server';
import { compactPng } from './compactPng';

const size = { width: 1_000, height: 640 };
// Room for the descriptions of rows.
const sideBarWidth = 420;
const activityBarWidth = 48;
const sideBar: Rectangle = { x: 0, y: 0, width: activityBarWidth + sideBarWidth + 4, height: 616 };

// A README with all of them should open at once, also over a slow line.
const fileLimitBytes = 150_000;

class Photographer {
  private constructor(
    private readonly workbench: Workbench,
    private readonly theme: ThemeKind,
    private readonly folder: string,
  ) {}

  static async arrive(browser: Browser, address: string, theme: ThemeKind, folder: string): Promise<Photographer> {
    const workbench = await Workbench.open(browser, address, { ...size, pixelRatio: 2 });
    await workbench.setTheme(theme);
    await workbench.openContainer('vSphere Snapshots');
    await workbench.resizeSideBar(sideBarWidth);
    await workbench.pressWelcomeButton('Explore with Demo vCenter');
    await workbench.tree('Inventory').row('SQL01').waitUntilFocused();
    return new Photographer(workbench, theme, folder);
  }

  async all(): Promise<void> {
    await this.tree();
    await this.take();
    await this.restore();
    await this.tasks();
    await this.workbench.close();
  }

  private async tree(): Promise<void> {
    await this.row('before KB5034').waitForDescription(/41d · .*B/);
    await this.workbench.togglePane('Recent Tasks');
    await this.row('Files').expand();
    await this.row('FILE03').waitFor();
    await this.shoot('tree', sideBar);
    await this.workbench.togglePane('Recent Tasks');
  }

  private async take(): Promise<void> {
    await this.row('SQL01').choose('Snapshots', 'Take Snapshot...');
    await this.answer("Take Snapshot of 'SQL01' (1/3)", 'before CU14');
    await this.answer("Take Snapshot of 'SQL01' (2/3)", 'CHG-20455');
    await this.workbench.quickInput.waitForStep("Take Snapshot of 'SQL01' (3/3)");
    await this.shoot('take', { x: 0, y: 0, width: 800, height: 320 });
    await this.workbench.quickInput.cancel();
  }

  private async restore(): Promise<void> {
    await this.row('before index rebuild').choose('Restore Snapshot... (Revert)');
    await this.workbench.dialog.waitFor("Restore 'SQL01' to 'before index rebuild'?");
    await this.shoot('restore', { x: 0, y: 150, width: 800, height: 340 });
    await this.workbench.dialog.press('Cancel');
  }

  /** Operations that end differently, and one that still runs. */
  private async tasks(): Promise<void> {
    await this.find('CI-AGENT');
    await this.row('CI-AGENT').choose('Snapshots', 'Take Snapshot...');
    await this.answer("Take Snapshot of 'CI-AGENT' (1/3)", 'idle');
    await this.answer("Take Snapshot of 'CI-AGENT' (2/3)", '');
    await this.workbench.quickInput.waitForStep("Take Snapshot of 'CI-AGENT' (3/3)");
    await this.workbench.quickInput.choose('Disks, quiesced by VMware Tools');

    await this.find('WEB01');
    await this.row('before OpenSSL').choose('Delete Snapshot...');
    await this.workbench.dialog.waitFor("Delete snapshot 'before OpenSSL' of 'WEB01'?");
    await this.workbench.dialog.press('Delete');

    await this.find('BUILD2');
    await this.row('BUILD2').choose('Snapshots', 'Take Snapshot...');
    await this.answer("Take Snapshot of 'BUILD2' (1/3)", 'clean');
    await this.answer("Take Snapshot of 'BUILD2' (2/3)", '');
    await this.answer("Take Snapshot of 'BUILD2' (3/3)");

    const recent = this.workbench.tree('Recent Tasks');
    await recent.row("Take snapshot 'idle' – CI-AGENT").waitForDescription(/^failed/);
    await recent.row("Delete snapshot 'before OpenSSL' – WEB01").waitForDescription(/^done/);
    await recent.row("Take snapshot 'clean' – BUILD2").waitForDescription(/^done/);
    await this.row('clean').waitFor();

    await this.workbench.pressViewAction('Inventory', 'Collapse All');
    await this.row('Paris').waitUntilGone();
    await this.find('SQL01');
    await this.row('SQL01').choose('Snapshots', 'Take Snapshot...');
    await this.answer("Take Snapshot of 'SQL01' (1/3)", 'before CU14');
    await this.answer("Take Snapshot of 'SQL01' (2/3)", 'CHG-20455');
    await this.workbench.quickInput.waitForStep("Take Snapshot of 'SQL01' (3/3)");
    await this.workbench.quickInput.choose('Disks and memory');
    await this.row('SQL01').waitForDescription(/^taking snapshot [3-9]\d%$/);
    await this.shoot('progress', sideBar);
    await this.shoot('tasks', { ...sideBar, y: 440, height: 200 });
  }

  private row(label: string): ReturnType<ReturnType<Workbench['tree']>['row']> {
    return this.workbench.tree('Inventory').row(label);
  }

  /** Accepts what a step suggests, or something else. */
  private async answer(step: string, text?: string): Promise<void> {
    const { quickInput } = this.workbench;
    await quickInput.waitForStep(step);
    if (text !== undefined) {
      await quickInput.type(text);
    }
    await quickInput.accept();
  }

  private async find(vm: string): Promise<void> {
    const { palette, quickInput } = this.workbench;
    await palette.run('vSphere: Find VM...');
    await quickInput.waitForStep('Find VM');
    await quickInput.type(vm);
    await quickInput.choose(vm);
    await this.row(vm).waitUntilFocused();
  }

  private async shoot(name: string, clip: Rectangle): Promise<void> {
    await this.workbench.restMouse();
    const file = path.join(this.folder, `${name}-${this.theme}.png`);
    await this.workbench.screenshot(file, clip);
    const compact = compactPng(fs.readFileSync(file));
    fs.writeFileSync(file, compact);
    const bytes = compact.length;
    console.log(`${file}: ${bytes} bytes`);
    if (bytes > fileLimitBytes) {
      throw new Error(`${file} has ${bytes} bytes; the limit is ${fileLimitBytes}.`);
    }
  }
}

async function main(): Promise<void> {
  exitOnSignals();
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const folder = path.resolve(values.out ?? path.join(repositoryRoot(), 'docs', 'images'));
  const installation = await installWorkbench({ logs: 'wished' }, console.log);
  await providePart('browser', console.log);
  const server = await WorkbenchServer.start(installation, {
    extensionFolders: [repositoryRoot()],
    settings: { 'workbench.tree.enableStickyScroll': false, 'workbench.tree.expandMode': 'doubleClick' },
  });
  const browser = await launchBrowser();
  try {
    for (const theme of ['light', 'dark'] as const) {
      await (await Photographer.arrive(browser, server.addressOf(), theme, folder)).all();
    }
  } finally {
    await browser.close();
    await server.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
