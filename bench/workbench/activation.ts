import { eventually } from '../../test/support/eventually';
import type { BenchWindow } from './benchWindow';

/** What starting the extension has taken, as VS Code says. */
export interface Activation {
  /** Reading and running its file. */
  readonly loadMs: number;
  readonly callMs: number;
}

const extensionId = 'vsphere-snapshots.vsphere-snapshots';

/** Starts the extension in a window that has settled. */
export async function activate(window: BenchWindow): Promise<Activation> {
  await window.renew();
  await window.show();
  await window.workbench.waitForTextInSideBar('Take, restore and delete VMware vSphere snapshots.');
  await window.stopwatch.rest();
  return readActivation(await startupReport(window));
}

/** What the editor tells of all that has been started. */
async function startupReport({ workbench }: BenchWindow): Promise<string> {
  await workbench.palette.run('Developer: Startup Performance');
  const lines = workbench.page.locator('.editor-instance .view-lines');
  await lines.filter({ hasText: 'System Info' }).waitFor();
  // An editor that is still being filled has nothing, or not all, to be copied.
  const report = await eventually('the whole report', async () => {
    await lines.click();
    await workbench.page.keyboard.press('ControlOrMeta+A');
    await workbench.page.keyboard.press('ControlOrMeta+C');
    const copied = await workbench.clipboard();
    return copied.includes(extensionId) && copied;
  });
  await workbench.palette.run('View: Close All Editors');
  return report;
}

/** @throws Error when the extension is not in the report */
function readActivation(report: string): Activation {
  const row = report.split('\n').find((line) => line.includes(extensionId));
  // Extension, eager, load code, call activate, finish activate, event, by whom.
  const [, loadMs, callMs] = /\|\s*(?:true|false)\s*\|\s*(\d+)\s*\|\s*(\d+)\s*\|/.exec(row ?? '') ?? [];
  if (loadMs === undefined || callMs === undefined) {
    throw new Error(`The report does not say how long ${extensionId} took to start: ${row ?? 'it is not in it'}`);
  }
  return { loadMs: Number(loadMs), callMs: Number(callMs) };
}
