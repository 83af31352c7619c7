import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandId } from '../../src/ui/text/commandIds';
import { eventually } from '../support/eventually';
import { QuickInputHand } from './quickInputs';

// The whole product, from its commands to the embedded vCenter, in the extension host.

describe('the demo', () => {
  let hand: QuickInputHand;

  beforeEach(() => {
    hand = new QuickInputHand();
  });

  afterEach(async () => {
    await hand.cancel();
    hand.dispose();
  });

  async function pick(title: string, typed: string, label: string): Promise<void> {
    const list = await hand.pick(title);
    list.value = typed;
    await eventually(`'${label}' in the list`, () => list.activeItems[0]?.label === label);
    await hand.accept();
  }

  it('starts without a question, and again without a second server', async () => {
    await vscode.commands.executeCommand(commandId('exploreDemo'));
    await vscode.commands.executeCommand(commandId('exploreDemo'));
    assert.equal(hand.count, 0);
    const finding = vscode.commands.executeCommand(commandId('findVm'));
    const list = await hand.pick('Find VM');
    list.value = 'sql02';
    await eventually('the VM once', () => list.items.length === 1);
    assert.equal(list.items[0]?.description, 'vc-paris / Paris / Production / Databases');
    await hand.accept();
    await finding;
  });

  it('takes a snapshot from the palette that is there afterwards', async () => {
    const taking = vscode.commands.executeCommand(commandId('takeSnapshot'));
    await pick('Take Snapshot', 'web02', 'WEB02');
    const name = await hand.box("Take Snapshot of 'WEB02' (1/3)");
    name.value = 'from the palette';
    await hand.accept();
    await hand.box("Take Snapshot of 'WEB02' (2/3)");
    await hand.accept();
    await hand.pick("Take Snapshot of 'WEB02' (3/3)");
    await hand.accept();
    await taking;

    const editing = vscode.commands.executeCommand(commandId('editSnapshot'));
    await pick('Edit Snapshot', 'web02', 'WEB02');
    const snapshots = await eventually('the snapshots', () => hand.pickWithPlaceholder("Snapshot of 'WEB02'"));
    assert.equal(snapshots.items[0]?.label, 'from the palette');
    await hand.cancel();
    await editing;
  });
});
