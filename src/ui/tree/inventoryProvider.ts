import * as vscode from 'vscode';
import { sleep } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import type { Disposable } from '../../common/disposable';
import type { InventoryRows } from '../text/inventoryRows';
import type { RowContext } from '../text/rowContext';
import { describeNode } from '../text/rows';
import { tooltipMarkdown } from '../text/tooltipMarkdown';
import { tooltipOf } from '../text/tooltips';
import type { TreeNode } from '../text/treeNode';
import { themeIcon } from './icons';
import { ProtectedBadge } from './protectedBadge';
import type { ServerDirectory } from './serverDirectory';
import type { ShownRows } from './shownRows';
import type { SizeCache } from './sizeCache';
import type { TreeElement } from './treeElement';

// A hover that waits longer than this feels broken; it is complete the next time.
const sizesInTooltipMs = 500;

/** Draws rows: asks {@link InventoryRows} which there are, and turns their descriptions into items of the editor. */
export class InventoryProvider implements vscode.TreeDataProvider<TreeElement>, Disposable {
  private readonly changed = new vscode.EventEmitter<TreeElement[] | undefined>();

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly directory: ServerDirectory,
    private readonly rows: InventoryRows,
    private readonly shown: ShownRows,
    private readonly sizes: SizeCache,
    private readonly rowContext: () => RowContext,
    private readonly clock: Clock,
  ) {}

  /** Has rows drawn anew, each with what stands under it. @param ids - undefined for everything */
  redraw(ids: ReadonlySet<string> | undefined): void {
    // VS Code drops what it does not show itself.
    this.changed.fire(ids && [...ids].flatMap((id) => this.shown.get(id) ?? []));
  }

  getChildren(element?: TreeElement): TreeElement[] {
    if (element === undefined) {
      const servers = this.directory.all().map((connection): TreeNode => ({ kind: 'server', connection }));
      return this.shown.setChildren(undefined, servers);
    }
    const node = this.rows.current(element.node) ?? element.node;
    if (node.kind === 'vm') {
      // It has been opened: what it shows gets its sizes, as soon as they are there.
      void this.sizes.read(node.connection, node.vm);
    }
    return this.shown.setChildren(element, this.rows.childrenOf(node));
  }

  getTreeItem(element: TreeElement): vscode.TreeItem {
    this.shown.setNode(element, this.rows.current(element.node) ?? element.node);
    const row = describeNode(element.node, this.rowContext());
    element.drawn = row;
    const item = new vscode.TreeItem(row.label, collapsibleStates[row.collapsible]);
    item.id = element.id;
    item.description = row.description;
    item.iconPath = themeIcon(row);
    item.contextValue = row.contextValue;
    item.accessibilityInformation = { label: row.accessibilityLabel };
    if (isProtected(element.node)) {
      item.resourceUri = ProtectedBadge.uriOf(element.id);
    }
    return item;
  }

  getParent(element: TreeElement): TreeElement | undefined {
    const parent = this.rows.parentOf(element.node);
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
}

const collapsibleStates = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;

function isProtected({ kind, connection }: TreeNode): boolean {
  return connection.isProtected && (kind === 'server' || kind === 'vm');
}
