// Makes the pictures of the README anew, from the demo vCenter in the real workbench, in a light and in a dark theme.
//   node out/js/scripts/screenshots.js [--out=FOLDER] [--theme=light|dark|highContrast|highContrastLight …]
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import type { Browser } from 'playwright-core';

import { providePart } from '../test/support/machineParts';
import { exitOnSignals } from '../test/support/processes';
import { repositoryRoot } from '../test/support/repositoryRoot';
import { launchBrowser } from '../test/support/workbench/browser';
import { installWorkbench } from '../test/support/workbench/install';
import { type Rectangle, type ThemeKind, themes, Workbench } from '../test/support/workbench/page/workbench';
import { WorkbenchServer } from '../test/support/workbench/server';
import { compactPng } from './compactPng';

const size = { width: 1_000, height: 640 };
// Room for the descriptions of rows.
const sideBarWidth = 420;
// The snapshot manager has the window for itself.
const managerSize = { width: 1_060, height: 760 };
const activityBarWidth = 48;
const sideBar: Rectangle = { x: 0, y: 0, width: activityBarWidth + sideBarWidth + 4, height: 616 };

// A README with all of them should open at once, also over a slow line.
const fileLimitBytes = 220_000;

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
    // As after an installation: steps are ticked off from then on.
    await openWalkthrough(workbench);
    await workbench.palette.run('View: Close All Editors');
    await workbench.pressWelcomeButton('Explore with Demo vCenter');
    await workbench.tree('Inventory').row('SQL01').waitUntilFocused();
    return new Photographer(workbench, theme, folder);
  }

  async all(): Promise<void> {
    await this.tree();
    await this.take();
    await this.restore();
    await this.manager();
    await this.tasks();
    await this.allSnapshots();
    await this.review();
    await this.results();
    await this.filter();
    await this.walkthrough();
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

  /** A panel with branches, what a restore would do to them, and what was changed of a VM between two snapshots. */
  private async manager(): Promise<void> {
    const { workbench } = this;
    const { manager, page, palette } = workbench;
    await this.openManager('WEB03');
    await page.setViewportSize(managerSize);
    await palette.run('View: Toggle Primary Side Bar Visibility');
    await manager.select('release 7.2');
    await manager.frame.locator('#growth-title').waitFor();
    await this.shoot('manager', await this.editor(640));
    await manager.press('action-restore');
    await manager.takeFirst(true);
    await manager.preview("Restore to 'release 7.2'");
    await this.shoot('preview', await this.editor(520));
    await manager.press('preview-back');
    await palette.run('View: Toggle Primary Side Bar Visibility');

    await this.openManager('SQL01');
    await palette.run('View: Toggle Primary Side Bar Visibility');
    await manager.select('before KB5034');
    await manager.press('action-compare');
    await page.locator('.editor-group-container.active .monaco-diff-editor .modified').getByText('CPUs').waitFor();
    await this.shoot('compare', await this.editor(290));
    await palette.run('View: Close All Editors');
    await page.setViewportSize(size);
    await palette.run('View: Toggle Primary Side Bar Visibility');
  }

  private async openManager(vm: string): Promise<void> {
    await this.find(vm);
    await this.row(vm).choose('Snapshots', 'Manage Snapshots');
    await this.workbench.manager.waitFor(vm);
    await this.workbench.manager.waitForTree();
  }

  /** The upper part of the panel. */
  private async editor(height: number): Promise<Rectangle> {
    const box = await this.workbench.page.locator('.part.editor').boundingBox();
    if (box === null) {
      throw new Error('There is no editor.');
    }
    return { ...box, height: Math.min(box.height, height) };
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

  private async allSnapshots(): Promise<void> {
    await this.workbench.palette.run('vSphere: View as All Snapshots');
    await this.row('before update 1').waitFor();
    await this.workbench.togglePane('Recent Tasks');
    await this.shoot('snapshots', sideBar);
    await this.workbench.palette.run('vSphere: View as Folders');
  }

  /** What would become of every VM in a folder. */
  private async review(): Promise<void> {
    await this.workbench.pressViewAction('Inventory', 'Collapse All');
    await this.find('APP01');
    await this.row('Production').choose('Snapshots of All VMs', 'Delete All...');
    await this.workbench.quickInput.waitForPlaceholder('Untick what is to stay as it is');
    await this.shoot('review', { x: 0, y: 0, width: 820, height: 420 });
    await this.workbench.quickInput.cancel();
  }

  /** Many VMs of which one fails. */
  private async results(): Promise<void> {
    const { quickInput } = this.workbench;
    await this.find('CI-AGENT');
    await this.row('Test').choose('Snapshots of All VMs', 'Take...');
    await quickInput.waitForPlaceholder('Untick what is to stay as it is');
    await quickInput.accept();
    const count = /Take Snapshots of (\d+) VMs \(1\/3\)/;
    await quickInput.waitForStep(count);
    const [, vms = ''] = count.exec(await quickInput.text()) ?? [];
    const title = `Take Snapshots of ${vms} VMs`;
    await this.answer(`${title} (1/3)`, 'before patch day');
    await this.answer(`${title} (2/3)`, 'CHG-20461');
    await quickInput.waitForStep(`${title} (3/3)`);
    await quickInput.choose('Disks, quiesced by VMware Tools');
    await this.workbench.togglePane('Recent Tasks');
    const group = this.workbench.tree('Recent Tasks').row(`Take snapshot – ${vms} VMs`);
    await group.waitForDescription(/done · \d+ failed/);
    await group.expand();
    await this.shoot('results', { ...sideBar, y: 440, height: 200 });
    await this.workbench.togglePane('Recent Tasks');
    await this.workbench.notifications.clear();
  }

  /** What is left of the inventory, with a favorite and what is protected. */
  private async filter(): Promise<void> {
    const { palette, quickInput } = this.workbench;
    await this.find('SQL01');
    await this.row('SQL01').choose('Add to Favorites');
    await this.row('Databases').choose('Mark as Protected');
    await palette.run('vSphere: Filter...');
    await quickInput.waitForStep('Filter');
    await quickInput.tick('Running', true);
    await quickInput.tick('Snapshot older than...', true);
    await quickInput.accept();
    await this.answer('Filter (2/2)', '30');
    await this.row('Favorites (1)').reveal();
    await this.row('Favorites (1)').select();
    await this.shoot('filter', sideBar);
    await palette.run('vSphere: Clear Filter');
  }

  private async walkthrough(): Promise<void> {
    await openWalkthrough(this.workbench);
    await this.shoot('walkthrough', { x: 0, y: 0, ...size });
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

function themeKind(name: string): ThemeKind {
  if (!Object.hasOwn(themes, name)) {
    throw new Error(`--theme is one of ${Object.keys(themes).join(', ')}, not ${name}.`);
  }
  return name as ThemeKind;
}

async function openWalkthrough({ palette, quickInput, page }: Workbench): Promise<void> {
  await palette.run('Welcome: Open Walkthrough...');
  await quickInput.choose('Get Started with vSphere Snapshots');
  await page.locator('.getting-started-step').filter({ hasText: 'Restore It' }).waitFor();
}

async function main(): Promise<void> {
  exitOnSignals();
  const { values } = parseArgs({ options: { out: { type: 'string' }, theme: { type: 'string', multiple: true } } });
  const kinds = (values.theme ?? ['light', 'dark']).map(themeKind);
  const folder = path.resolve(values.out ?? path.join(repositoryRoot(), 'docs', 'images'));
  const installation = await installWorkbench({ logs: 'wished' }, console.log);
  await providePart('browser', console.log);
  const server = await WorkbenchServer.start(installation, {
    extensionFolders: [repositoryRoot()],
    settings: { 'workbench.tree.enableStickyScroll': false, 'workbench.tree.expandMode': 'doubleClick' },
  });
  const browser = await launchBrowser();
  try {
    for (const theme of kinds) {
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
