import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../common/disposable';
import { Emitter } from '../../common/event';
import { once } from '../../common/once';
import type { CommandPlaces } from '../commands/commandRegistry';
import { type CommandName, managerViewType } from '../text/commandIds';
import type { TreeNode } from '../text/treeNode';
import { comparisonScheme } from './comparisonScheme';
import type { CreateManagerServices, Manager } from './createManager';

/**
 * Stands for the snapshot manager, which is loaded when the first panel, comparison or link is opened.
 *
 * @remarks The editor has to be told at once who restores panels and who opens links.
 */
export class LateManager implements CommandPlaces, Disposable {
  private readonly resources = new DisposableStore();
  private readonly visibility = this.resources.add(new Emitter<boolean>());
  private readonly comparisonsChanged = this.resources.add(new vscode.EventEmitter<vscode.Uri>());
  private loaded: Manager | undefined;

  /** Whether the person can see any panel; fires when that may have changed. */
  readonly onDidChangeVisibility = this.visibility.event;

  /** The manager itself. */
  readonly load = once(() => this.loadNow());

  constructor(private readonly services: CreateManagerServices) {
    this.resources.add(
      vscode.window.registerWebviewPanelSerializer(managerViewType, {
        deserializeWebviewPanel: async (panel, state) => {
          (await this.load()).panels.restore(panel, state);
        },
      }),
    );
    this.resources.add(
      vscode.workspace.registerTextDocumentContentProvider(comparisonScheme, {
        onDidChange: this.comparisonsChanged.event,
        provideTextDocumentContent: async (uri, token) => await (await this.load()).comparison.read(uri, token),
      }),
    );
    this.resources.add(
      vscode.window.registerUriHandler({
        handleUri: async (uri) => {
          await (await this.load()).links.open(uri);
        },
      }),
    );
  }

  get isVisible(): boolean {
    return this.loaded?.panels.isVisible === true;
  }

  rowsOf(argument: unknown): readonly TreeNode[] | undefined {
    return this.loaded?.panels.rowsOf(argument);
  }

  takesOver(name: CommandName, argument: unknown): boolean {
    return this.loaded?.panels.takesOver(name, argument) === true;
  }

  dispose(): void {
    this.resources.dispose();
  }

  private async loadNow(): Promise<Manager> {
    const { createManager } = await import('./createManager');
    const manager = createManager(this.services, this.comparisonsChanged, this.resources);
    this.loaded = manager;
    this.resources.add(
      manager.panels.onDidChangeVisibility((isVisible) => {
        this.visibility.fire(isVisible);
      }),
    );
    return manager;
  }
}
