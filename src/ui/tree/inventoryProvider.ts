import * as vscode from 'vscode';
import { sleep } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import type { Disposable } from '../../common/disposable';
import { Turns } from '../../common/turns';
import type { RowContext } from '../text/rowContext';
import { describeNode } from '../text/rows';
import { tooltipMarkdown } from '../text/tooltipMarkdown';
import { tooltipOf } from '../text/tooltips';
import type { Expansion } from './expansion';
import { themeIcon } from './icons';
import { ProtectedBadge } from './protectedBadge';
import type { ShownRows } from './shownRows';
import type { SizeCache } from './sizeCache';
import type { TreeElement } from './treeElement';
import type { ViewModel } from './viewModel';

// A hover that waits longer than this feels broken; it is complete the next time.
const sizesInTooltipMs = 500;

/** Draws rows: asks {@link ViewModel} which there are, and turns their descriptions into items of the editor. */
export class InventoryProvider implements vscode.TreeDataProvider<TreeElement>, Disposable {
  private readonly changed = new vscode.EventEmitter<TreeElement[] | undefined>();
  private readonly turns: Turns;
  private drawn = 0;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly model: Pick<ViewModel, 'view'>,
    private readonly shown: ShownRows,
    private readonly sizes: SizeCache,
    private readonly rowContext: () => RowContext,
    private readonly expansion: Expansion,
    private readonly clock: Clock,
  ) {
    this.turns = new Turns(clock);
  }

  /** How many rows VS Code has asked for so far. */
  get rowsDrawn(): number {
    return this.drawn;
  }

  /** Has rows drawn anew, each with what stands under it. @param ids - undefined for everything */
  redraw(ids: ReadonlySet<string> | undefined): void {
    // VS Code drops what it does not show itself.
    this.changed.fire(ids && [...ids].flatMap((id) => this.shown.get(id) ?? []));
  }

  getChildren(element?: TreeElement): TreeElement[] {
    const { view } = this.model;
    if (element === undefined) {
      return this.shown.setChildren(undefined, view.roots());
    }
    const node = view.current(element.node) ?? element.node;
    if (node.kind === 'vm') {
      // It has been opened: what it shows gets its sizes, as soon as they are there.
      void this.sizes.read(node.connection, node.vm);
    }
    return this.shown.setChildren(element, view.childrenOf(node));
  }

  /** VS Code asks for all rows of a folder in one go, also for ten thousand of which twenty are drawn. */
  getTreeItem(element: TreeElement): vscode.TreeItem | Promise<vscode.TreeItem> {
    return this.turns.do(() => this.itemOf(element));
  }

  getParent(element: TreeElement): TreeElement | undefined {
    const parent = this.model.view.parentOf(element.node);
    return parent && this.shown.element(parent);
  }

  async resolveTreeItem(
    item: vscode.TreeItem,
    element: TreeElement,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    const { node } = element;
    if (node.kind === 'vm') {
      await Promise.race([this.sizes.read(node.connection, node.vm), sleep(this.clock, sizesInTooltipMs)]);
    }
    const tooltip = token.isCancellationRequested ? undefined : tooltipOf(node, this.rowContext());
    if (tooltip !== undefined) {
      item.tooltip = new vscode.MarkdownString(tooltipMarkdown(tooltip));
    }
    return item;
  }

  dispose(): void {
    this.changed.dispose();
  }

  private itemOf(element: TreeElement): vscode.TreeItem {
    this.drawn++;
    this.shown.setNode(element, this.model.view.current(element.node) ?? element.node);
    const row = describeNode(element.node, this.rowContext());
    element.drawn = row;
    const collapsible = this.expansion.stateOf(element.id, row.collapsible);
    const item = new vscode.TreeItem(row.label, collapsibleStates[collapsible]);
    item.id = element.id;
    item.description = row.description;
    item.iconPath = themeIcon(row);
    item.contextValue = row.contextValue;
    item.accessibilityInformation = { label: row.accessibilityLabel };
    if (row.isProtected === true) {
      item.resourceUri = ProtectedBadge.uriOf(element.id);
    }
    return item;
  }
}

const collapsibleStates = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;
