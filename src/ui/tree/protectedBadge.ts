import * as vscode from 'vscode';

const scheme = 'vsphere-snapshots';

/** Gives rows the badge of what is protected, by an address that only such rows carry. */
export class ProtectedBadge implements vscode.FileDecorationProvider {
  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    return uri.scheme === scheme ? new vscode.FileDecoration('P', vscode.l10n.t('Protected')) : undefined;
  }

  /** The address of a protected row. */
  static uriOf(rowId: string): vscode.Uri {
    return vscode.Uri.from({ scheme, path: `/${rowId}` });
  }
}
