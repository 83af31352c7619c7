import * as vscode from 'vscode';

import { DisposableStore } from './common/disposable';

/** Constructs the parts of the extension in order and owns them. */
export function startApp(): vscode.Disposable {
  const parts = new DisposableStore();
  const log = parts.add(vscode.window.createOutputChannel('vSphere Snapshots', { log: true }));
  parts.add(
    vscode.window.registerTreeDataProvider<never>('vsphereSnapshots.inventory', {
      getChildren: () => [],
      getTreeItem: (node) => node,
    }),
  );
  parts.add(
    vscode.commands.registerCommand('vsphereSnapshots.showLog', () => {
      log.show();
    }),
  );
  log.info('Activated.');
  return parts;
}
