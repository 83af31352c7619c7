import assert from 'node:assert/strict';

import * as vscode from 'vscode';

const extensionId = 'vsphere-snapshots.vsphere-snapshots';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

function manifestOf(extension: vscode.Extension<unknown>): Manifest {
  return extension.packageJSON as Manifest;
}

describe('the extension in VS Code', () => {
  async function activated(): Promise<vscode.Extension<unknown>> {
    const extension = vscode.extensions.getExtension(extensionId);
    assert.ok(extension, `${extensionId} is not installed`);
    await extension.activate();
    return extension;
  }

  it('activates', async () => {
    const extension = await activated();
    assert.equal(extension.isActive, true);
  });

  it('registers exactly the commands that its manifest declares', async () => {
    const extension = await activated();
    const declared = manifestOf(extension).contributes.commands.map(({ command }) => command);
    const views = Object.values(manifestOf(extension).contributes.views).flat();
    // VS Code itself makes commands for views: `<view>.focus` and the like.
    const registered = (await vscode.commands.getCommands(true)).filter(
      (id) => id.startsWith('vsphereSnapshots.') && !views.some((view) => id.startsWith(`${view.id}.`)),
    );
    assert.deepEqual(registered.sort(), [...declared].sort());
  });

  it('has views that can be shown', async () => {
    const extension = await activated();
    for (const { id } of Object.values(manifestOf(extension).contributes.views).flat()) {
      await vscode.commands.executeCommand(`${id}.focus`);
    }
  });
});
