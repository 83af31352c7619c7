import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { type Disposable, DisposableStore } from '../../common/disposable';
import { Emitter } from '../../common/event';
import { oneLine } from '../../common/text';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ObjectId, ServerId } from '../../hypervisor/model/ids';
import { presentRowId, previewKind, rowId } from '../../webview/protocol/shapes';
import { rememberedVm } from '../../webview/protocol/toHost';
import { type CommandName, managerViewType } from '../text/commandIds';
import { nameInRow } from '../text/names';
import type { TreeNode, VmNode } from '../text/treeNode';
import { managerHtml } from './managerHtml';
import { ManagerModel } from './managerModel';
import type { ManagerServices } from './managerServices';
import { PageChannel } from './pageChannel';
import { commandOf } from './panelPreview';
import { connectionOf, type PanelTarget } from './panelTarget';

export interface ManagerPanelServices extends ManagerServices {
  readonly extensionUri: vscode.Uri;
  /** A text that nobody can guess. */
  readonly createNonce: () => string;
  /** Lets a server connect for which nobody has to be asked, and the embedded vCenter start again. */
  readonly wake: (connection: HypervisorConnection | undefined) => void;
}

/** What the editor hands to a command that was chosen in a page: what the page says of the place. */
const menuPlace = z.object({
  webview: z.literal(managerViewType),
  vsphereSnapshotsPanel: rowId,
  vsphereSnapshotsRow: z.optional(rowId),
});

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly model: ManagerModel;
}

/** The panels of the snapshot manager: one for a VM, found again after a reload of the window. */
export class ManagerPanels implements Disposable {
  private readonly panels = new Map<string, OpenPanel>();
  private readonly visibility = new Emitter<boolean>();

  /** Whether the person can see any panel; fires when that may have changed. */
  readonly onDidChangeVisibility = this.visibility.event;

  constructor(private readonly services: ManagerPanelServices) {}

  get isVisible(): boolean {
    return [...this.panels.values()].some(({ panel }) => panel.visible);
  }

  /** Shows the panel of a VM, opening it if there is none, with a row selected if wanted. */
  open({ connection, vm }: VmNode, selected?: string): void {
    const id = panelId(connection.id, vm.id);
    const known = this.panels.get(id);
    if (known !== undefined) {
      known.panel.reveal();
      if (selected !== undefined) {
        known.model.reveal(selected, false);
      }
      return;
    }
    const isDemo = this.services.directory.facts(connection.id)?.isDemo === true;
    const panel = vscode.window.createWebviewPanel(managerViewType, tabTitle(vm.name), vscode.ViewColumn.Active, {
      ...this.webviewOptions(),
      enableFindWidget: true,
    });
    const target = { serverId: connection.id, isDemo, vmId: vm.id, vmName: vm.name };
    const { model } = this.adopt(id, panel, target);
    if (selected !== undefined) {
      model.reveal(selected, false);
    }
  }

  /** Takes over a panel that the editor has kept over a reload of the window. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const remembered = z.safeParse(z.object({ vm: rememberedVm }), state);
    if (!remembered.success) {
      this.services.logger.warn('A panel was not restored: it does not say of which VM it is.');
      panel.dispose();
      return;
    }
    const { server, isDemo, vm, name } = remembered.data.vm;
    const target: PanelTarget = {
      serverId: server as ServerId,
      isDemo,
      vmId: vm as ObjectId,
      vmName: oneLine(name),
    };
    const id = panelId(target.serverId, target.vmId);
    if (this.panels.has(id)) {
      panel.dispose();
      return;
    }
    panel.webview.options = this.webviewOptions();
    this.adopt(id, panel, target);
    this.services.wake(connectionOf(this.services.directory, target));
  }

  /**
   * The row on whose native menu a command was chosen.
   *
   * @returns undefined when it was not chosen in a panel; no row when it was, on a row that does not exist
   */
  rowsOf(argument: unknown): readonly TreeNode[] | undefined {
    const place = z.safeParse(menuPlace, argument);
    if (!place.success) {
      return undefined;
    }
    const { vsphereSnapshotsPanel, vsphereSnapshotsRow } = place.data;
    const node = this.panels.get(vsphereSnapshotsPanel)?.model.nodeOf(vsphereSnapshotsRow);
    return node === undefined ? [] : [node];
  }

  /**
   * Whether the panel itself answers a command that was chosen in it: it shows what it would do before it goes on.
   */
  takesOver(name: CommandName, argument: unknown): boolean {
    const place = z.safeParse(menuPlace, argument);
    const open = place.success ? this.panels.get(place.data.vsphereSnapshotsPanel) : undefined;
    if (!place.success || open === undefined) {
      return false;
    }
    const row = place.data.vsphereSnapshotsRow;
    if (name === 'editSnapshot' && row !== undefined) {
      open.model.reveal(row, true);
      return true;
    }
    const kind = previewKind.options.find((each) => commandOf[each] === name);
    return (
      kind !== undefined &&
      open.model.startPreview(kind, row === undefined || row === presentRowId ? null : row) === undefined
    );
  }

  dispose(): void {
    for (const { panel } of [...this.panels.values()]) {
      panel.dispose();
    }
    this.visibility.dispose();
  }

  private adopt(id: string, panel: vscode.WebviewPanel, target: PanelTarget): OpenPanel {
    const { clock, logger } = this.services;
    const store = new DisposableStore();
    const model = store.add(new ManagerModel(id, target, this.services));
    const { webview } = panel;
    const channel = new PageChannel(
      {
        post: (message) => {
          // A page that is hidden meanwhile does not get it, and asks for everything when it is back.
          void webview.postMessage(message);
        },
      },
      (message) => model.receive(message),
      clock,
      logger,
    );
    store.add(
      model.onDidPost((message) => {
        channel.send(message);
      }),
    );
    store.add(
      model.onDidClose(() => {
        panel.dispose();
      }),
    );
    store.add(
      model.onDidChangeTitle((title) => {
        panel.title = tabTitle(title);
      }),
    );
    store.add(
      webview.onDidReceiveMessage((message: unknown) => {
        channel.receive(message);
      }),
    );
    store.add(
      panel.onDidChangeViewState(() => {
        model.setVisible(panel.visible);
        this.visibility.fire(this.isVisible);
      }),
    );
    panel.onDidDispose(() => {
      channel.close();
      store.dispose();
      this.panels.delete(id);
      this.visibility.fire(this.isVisible);
    });
    panel.iconPath = { light: this.icon('light'), dark: this.icon('dark') };
    const open = { panel, model };
    this.panels.set(id, open);
    webview.html = this.html(webview);
    model.setVisible(panel.visible);
    this.visibility.fire(this.isVisible);
    return open;
  }

  private webviewOptions(): vscode.WebviewOptions {
    return {
      enableScripts: true,
      enableForms: false,
      enableCommandUris: false,
      localResourceRoots: [this.resourceFolder()],
    };
  }

  private html(webview: vscode.Webview): string {
    const address = (file: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.resourceFolder(), file)).toString();
    return managerHtml({
      cspSource: webview.cspSource,
      script: address('manager.js'),
      styles: address('manager.css'),
      language: vscode.env.language,
      nonce: this.services.createNonce(),
    });
  }

  private icon(theme: 'light' | 'dark'): vscode.Uri {
    return vscode.Uri.joinPath(this.services.extensionUri, 'media', `manager-${theme}.svg`);
  }

  private resourceFolder(): vscode.Uri {
    return vscode.Uri.joinPath(this.services.extensionUri, 'dist', 'webview');
  }
}

function panelId(serverId: ServerId, vmId: ObjectId): string {
  return `${serverId}/${vmId}`;
}

function tabTitle(vmName: string): string {
  return vscode.l10n.t('Snapshots: {0}', nameInRow(vmName));
}
