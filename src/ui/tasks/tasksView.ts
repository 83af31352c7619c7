import * as vscode from 'vscode';
import type { Clock } from '../../common/clock';
import { type Disposable, DisposableStore } from '../../common/disposable';
import type { Logger } from '../../common/logger';
import type { OperationHistory } from '../../operations/operationHistory';
import { isOver, type OperationGroup, type TrackedOperation } from '../../operations/trackedOperation';
import { viewIds } from '../text/commandIds';
import type { Formats } from '../text/formats';
import { describeGroup, describeMember, groupTooltip } from '../text/groupedRows';
import { describeOperation, type OperationRowContext, operationTooltip } from '../text/operationRows';
import type { RowDescription } from '../text/rowContext';
import { tooltipMarkdown } from '../text/tooltipMarkdown';
import type { TooltipText } from '../text/tooltips';
import { ForgottenRows } from '../tree/forgottenRows';
import { themeIcon } from '../tree/icons';
import { RefreshScheduler, type Urgency } from '../tree/refreshScheduler';
import { setContextKey } from '../tree/setContextKey';
import { groupRowId, operationRowId, TaskElement, type TaskNode, taskNodeId } from './taskElement';

export interface TasksViewServices {
  readonly history: OperationHistory;
  readonly formats: Formats;
  readonly clock: Clock;
  readonly logger: Logger;
}

// How often the time that something takes is drawn anew.
const tickMs = 2_000;

/**
 * The view *Recent Tasks*: the operations of this window, newest first. What was asked for on many VMs at once is one
 * row, with a row for each VM below it.
 *
 * @remarks Sets the context key `hasEndedTasks`.
 */
export class TasksView implements vscode.TreeDataProvider<TaskElement>, Disposable {
  private readonly resources = new DisposableStore();
  private readonly elements = new Map<string, TaskElement>();
  private readonly changed = new vscode.EventEmitter<TaskElement[] | undefined>();
  private readonly scheduler: RefreshScheduler;
  private readonly forgotten: ForgottenRows<TaskElement>;
  private readonly view: vscode.TreeView<TaskElement>;
  private tick: Disposable | undefined;
  private hasEnded = false;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly services: TasksViewServices) {
    const { history, clock } = services;
    this.resources.add(this.changed);
    this.scheduler = this.resources.add(
      new RefreshScheduler(
        clock,
        (ids) => {
          if (ids === undefined) {
            this.forgotten.openRowDrawn(undefined);
          }
          this.changed.fire(ids && [...ids].flatMap((id) => this.elements.get(id) ?? []));
        },
        () => ({ rows: 0, lastMs: this.forgotten.lastAskedMs }),
      ),
    );
    this.forgotten = this.resources.add(
      new ForgottenRows<TaskElement>(clock, (row) => {
        this.scheduler.markRow(row);
      }),
    );
    this.view = this.resources.add(
      vscode.window.createTreeView(viewIds.tasks, { treeDataProvider: this, showCollapseAll: false }),
    );
    this.scheduler.setPaused(!this.view.visible);
    this.resources.add(
      history.onDidChange((operation) => {
        this.operationChanged(operation);
      }),
    );
    this.resources.add(
      history.onDidChangeGroup((group) => {
        this.groupChanged(group);
      }),
    );
    this.resources.add(
      this.view.onDidChangeVisibility(({ visible }) => {
        this.scheduler.setPaused(!visible);
        this.keepTicking();
      }),
    );
    this.resources.add(
      this.view.onDidExpandElement(({ element }) => {
        element.isOpen = true;
      }),
    );
    this.resources.add(
      this.view.onDidCollapseElement(({ element }) => {
        element.isOpen = false;
      }),
    );
    this.tellEnded();
  }

  /** Brings the view to the front. */
  async show(): Promise<void> {
    await vscode.commands.executeCommand(`${viewIds.tasks}.focus`);
  }

  /** Brings the view to the front and selects an operation. */
  async reveal(operationId: number): Promise<void> {
    await this.revealRow(operationRowId(operationId), false);
  }

  /** Brings the view to the front, selects a group and shows what is in it. */
  async revealGroup(groupId: number): Promise<void> {
    await this.revealRow(groupRowId(groupId), true);
  }

  getChildren(element?: TaskElement): TaskElement[] {
    const { history } = this.services;
    this.forgotten.childrenAsked(element);
    if (element === undefined) {
      this.forgetOld();
      return this.roots().map((node) => this.element(node));
    }
    return element.node.kind === 'group'
      ? history.ofGroup(element.node.group.id).map((operation) => this.element({ kind: 'operation', operation }))
      : [];
  }

  getTreeItem(element: TaskElement): vscode.TreeItem {
    const row = this.describe(element.node);
    element.drawn = row;
    if (element.isOpen) {
      this.forgotten.openRowDrawn(element);
    }
    const item = new vscode.TreeItem(
      row.label,
      element.node.kind === 'group' ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
    );
    item.id = element.id;
    item.description = row.description;
    item.iconPath = themeIcon(row);
    item.contextValue = row.contextValue;
    item.accessibilityInformation = { label: row.accessibilityLabel };
    return item;
  }

  getParent({ node }: TaskElement): TaskElement | undefined {
    const groupId = node.kind === 'operation' ? node.operation.groupId : undefined;
    const group = groupId === undefined ? undefined : this.services.history.group(groupId);
    return group && this.element({ kind: 'group', group });
  }

  resolveTreeItem(item: vscode.TreeItem, { node }: TaskElement): vscode.TreeItem {
    item.tooltip = new vscode.MarkdownString(tooltipMarkdown(this.tooltip(node)));
    return item;
  }

  dispose(): void {
    this.tick?.dispose();
    this.resources.dispose();
  }

  /** Groups and operations that stand alone, newest first. */
  private roots(): TaskNode[] {
    const { history } = this.services;
    const alone = history.all().filter(({ groupId }) => groupId === undefined);
    return [
      ...history.groups().map((group) => ({ kind: 'group', group }) as const),
      ...alone.map((operation) => ({ kind: 'operation', operation }) as const),
    ].sort((a, b) => createdAt(b) - createdAt(a));
  }

  private describe(node: TaskNode): RowDescription {
    const context = this.rowContext();
    if (node.kind === 'group') {
      return describeGroup(node.group, this.services.history.ofGroup(node.group.id), context);
    }
    return node.operation.groupId === undefined
      ? describeOperation(node.operation, context)
      : describeMember(node.operation, context);
  }

  private tooltip(node: TaskNode): TooltipText {
    return node.kind === 'group'
      ? groupTooltip(node.group, this.services.history.ofGroup(node.group.id), this.rowContext())
      : operationTooltip(node.operation, this.rowContext());
  }

  private async revealRow(id: string, expand: boolean): Promise<void> {
    await this.show();
    // VS Code looks for the row in what it was told last.
    this.scheduler.flush();
    const element = this.elements.get(id);
    if (element !== undefined) {
      await this.view.reveal(element, { select: true, focus: true, expand });
    }
  }

  private operationChanged(operation: TrackedOperation | undefined): void {
    const element = operation && this.elements.get(operationRowId(operation.id));
    const known = element?.node.kind === 'operation' ? element.node.operation : undefined;
    if (operation === undefined) {
      this.scheduler.markAll();
    } else if (element === undefined || known === undefined) {
      // A row below one that is folded up, or a new one.
      this.markNew(operation);
    } else {
      const isProgress =
        known.state === operation.state && element.drawn !== undefined && operation.state === 'running';
      element.node = { kind: 'operation', operation };
      this.mark(element.id, isProgress ? 'progress' : 'soon');
      if (operation.groupId !== undefined && !isProgress) {
        this.mark(groupRowId(operation.groupId), 'soon');
      }
    }
    this.tellEnded();
    this.keepTicking();
  }

  private groupChanged(group: OperationGroup): void {
    const element = this.elements.get(groupRowId(group.id));
    if (element === undefined) {
      this.scheduler.markAll();
    } else {
      element.node = { kind: 'group', group };
      this.mark(element.id, 'soon');
    }
    this.tellEnded();
    this.keepTicking();
  }

  private markNew({ groupId }: TrackedOperation): void {
    if (groupId !== undefined && this.elements.has(groupRowId(groupId))) {
      this.mark(groupRowId(groupId), 'soon');
    } else {
      this.scheduler.markAll();
    }
  }

  private mark(id: string, urgency: Urgency): void {
    if (this.elements.has(id)) {
      this.scheduler.mark([id], urgency);
    }
  }

  private element(node: TaskNode): TaskElement {
    const id = taskNodeId(node);
    const known = this.elements.get(id);
    if (known !== undefined) {
      known.node = node;
      return known;
    }
    const made = new TaskElement(node);
    this.elements.set(id, made);
    return made;
  }

  private forgetOld(): void {
    const { history } = this.services;
    const ids = new Set([
      ...history.all().map(({ id }) => operationRowId(id)),
      ...history.groups().map(({ id }) => groupRowId(id)),
    ]);
    for (const id of this.elements.keys()) {
      if (!ids.has(id)) {
        this.elements.delete(id);
      }
    }
  }

  /** While somebody looks at something that runs, its time moves on. */
  private keepTicking(): void {
    const isNeeded = this.view.visible && this.services.history.active().some(({ state }) => state === 'running');
    if (!isNeeded || this.tick !== undefined) {
      return;
    }
    this.tick = this.services.clock.schedule(tickMs, () => {
      this.tick = undefined;
      for (const element of this.elements.values()) {
        if (isMoving(element.node) && this.describe(element.node).description !== element.drawn?.description) {
          this.scheduler.mark([element.id], 'soon');
        }
      }
      this.keepTicking();
    });
  }

  private tellEnded(): void {
    const hasEnded = this.services.history.all().some(isOver);
    if (hasEnded === this.hasEnded) {
      return;
    }
    this.hasEnded = hasEnded;
    setContextKey('vsphereSnapshots.hasEndedTasks', hasEnded).then(undefined, (error: unknown) => {
      this.services.logger.error('the context key of ended tasks could not be set', error);
    });
  }

  private rowContext(): OperationRowContext {
    return { formats: this.services.formats, nowMs: this.services.clock.now() };
  }
}

function createdAt(node: TaskNode): number {
  return node.kind === 'group' ? node.group.createdAtMs : node.operation.createdAtMs;
}

function isMoving(node: TaskNode): boolean {
  return node.kind === 'group' ? node.group.endedAtMs === undefined : !isOver(node.operation);
}
