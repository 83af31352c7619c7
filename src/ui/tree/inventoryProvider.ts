import * as vscode from 'vscode';
import { sleep } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import type { Disposable } from '../../common/disposable';
import { Turns } from '../../common/turns';
import type { RowContext } from '../text/rowContext';
import { describeNode } from '../text/rows';
import { tooltipMarkdown } from '../text/tooltipMarkdown';
import { tooltipOf } from '../text/tooltips';
import type { VmNode } from '../text/treeNode';
import type { Expansion } from './expansion';
import type { ForgottenRows } from './forgottenRows';
import { themeIcon } from './icons';
import { ProtectedBadge } from './protectedBadge';
import type { RowRequests } from './refreshScheduler';
import type { ShownRows } from './shownRows';
import type { SizeCache } from './sizeCache';
import type { TreeElement } from './treeElement';
import type { ViewModel } from './viewModel';

// A hover that waits longer than this feels broken; it is complete the next time.
const sizesInTooltipMs = 500;
// Nobody notices that. Rows whose sizes come later are drawn twice, and while a row is drawn anew, no command can be
// chosen on what stands under it.
const sizesInRowsMs = 150;

/** Draws rows: asks {@link ViewModel} which there are, and turns their descriptions into items of the editor. */
export class InventoryProvider implements vscode.TreeDataProvider<TreeElement>, Disposable {
  private readonly changed = new vscode.EventEmitter<TreeElement[] | undefined>();
  private readonly turns: Turns;
  private rows = 0;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly model: Pick<ViewModel, 'view'>,
    private readonly shown: ShownRows,
    private readonly sizes: SizeCache,
    private readonly rowContext: RowContext,
    private readonly expansion: Expansion,
    private readonly forgotten: ForgottenRows<TreeElement>,
    private readonly clock: Clock,
  ) {
    this.turns = new Turns(clock);
  }

  /** What VS Code has asked for so far. */
  get requests(): RowRequests {
    return { rows: this.rows, lastMs: this.forgotten.lastAskedMs };
  }

  /** Has rows drawn anew, each with what stands under it. @param ids - undefined for everything */
  redraw(ids: ReadonlySet<string> | undefined): void {
    if (ids === undefined) {
      this.forgotten.openRowDrawn(undefined);
    }
    // VS Code drops what it does not show itself.
    this.changed.fire(ids && [...ids].flatMap((id) => this.shown.get(id) ?? []));
  }

  async getChildren(element?: TreeElement): Promise<TreeElement[]> {
    this.forgotten.childrenAsked(element);
    if (element === undefined) {
      return this.shown.setChildren(undefined, this.model.view.roots());
    }
    const { id, node, initially } = element;
    this.expansion.childrenAsked(id, initially);
    if (node.kind === 'vm') {
      await this.sizesOf(node, sizesInRowsMs);
    }
    const { view } = this.model;
    return this.shown.setChildren(element, view.childrenOf(view.current(node) ?? node));
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
      await this.sizesOf(node, sizesInTooltipMs);
    }
    const tooltip = token.isCancellationRequested ? undefined : tooltipOf(node, this.rowContext);
    if (tooltip !== undefined) {
      item.tooltip = new vscode.MarkdownString(tooltipMarkdown(tooltip));
    }
    return item;
  }

  dispose(): void {
    this.changed.dispose();
  }

  /** Reads what the snapshots of a VM occupy, and waits for it, but not for ever. */
  private async sizesOf({ connection, vm }: VmNode, ms: number): Promise<void> {
    const current = connection.inventory.vm(vm.id) ?? vm;
    const reading = this.sizes.read(connection, current);
    if (this.sizes.get(connection, current) === undefined) {
      await Promise.race([reading, sleep(this.clock, ms)]);
    }
  }

  private itemOf(element: TreeElement): vscode.TreeItem {
    this.rows++;
    this.shown.setNode(element, this.model.view.current(element.node) ?? element.node);
    const row = describeNode(element.node, this.rowContext);
    element.drawn = row;
    const collapsible = this.expansion.stateOf(element.id, row.collapsible);
    if (collapsible === 'expanded') {
      this.forgotten.openRowDrawn(element);
    }
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
