import * as vscode from 'vscode';
import type { Clock } from '../../common/clock';
import { type Disposable, DisposableStore } from '../../common/disposable';
import type { Logger } from '../../common/logger';
import type { OperationHistory } from '../../operations/operationHistory';
import { isOver, type TrackedOperation } from '../../operations/trackedOperation';
import { viewIds } from '../text/commandIds';
import type { Formats } from '../text/formats';
import { describeOperation, type OperationRowContext, operationTooltip } from '../text/operationRows';
import { tooltipMarkdown } from '../text/tooltipMarkdown';
import { themeIcon } from '../tree/icons';
import { RefreshScheduler } from '../tree/refreshScheduler';
import { setContextKey } from '../tree/setContextKey';
import { TaskElement } from './taskElement';

export interface TasksViewServices {
  readonly history: OperationHistory;
  readonly formats: Formats;
  readonly clock: Clock;
  readonly logger: Logger;
}

// How often the time that something takes is drawn anew.
const tickMs = 2_000;

/**
 * The view *Recent Tasks*: the operations of this window, newest first.
 *
 * @remarks Sets the context key `hasEndedTasks`.
 */
export class TasksView implements vscode.TreeDataProvider<TaskElement>, Disposable {
  private readonly resources = new DisposableStore();
  private readonly elements = new Map<number, TaskElement>();
  private readonly changed = new vscode.EventEmitter<TaskElement[] | undefined>();
  private readonly scheduler: RefreshScheduler;
  private readonly view: vscode.TreeView<TaskElement>;
  private tick: Disposable | undefined;
  private hasEnded = false;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly services: TasksViewServices) {
    const { history, clock } = services;
    this.resources.add(this.changed);
    this.scheduler = this.resources.add(
      new RefreshScheduler(clock, (ids) => {
        this.changed.fire(ids && [...this.elements.values()].filter(({ id }) => ids.has(id)));
      }),
    );
    this.view = this.resources.add(vscode.window.createTreeView(viewIds.tasks, { treeDataProvider: this }));
    this.scheduler.setPaused(!this.view.visible);
    this.resources.add(
      history.onDidChange((operation) => {
        this.operationChanged(operation);
      }),
    );
    this.resources.add(
      this.view.onDidChangeVisibility(({ visible }) => {
        this.scheduler.setPaused(!visible);
        this.keepTicking();
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
    await this.show();
    // VS Code looks for the row in what it was told last.
    this.scheduler.flush();
    const element = this.elements.get(operationId);
    if (element !== undefined) {
      await this.view.reveal(element, { select: true, focus: true });
    }
  }

  getChildren(element?: TaskElement): TaskElement[] {
    if (element !== undefined) {
      return [];
    }
    const operations = this.services.history.all();
    const ids = new Set(operations.map(({ id }) => id));
    for (const id of this.elements.keys()) {
      if (!ids.has(id)) {
        this.elements.delete(id);
      }
    }
    return operations.map((operation) => this.element(operation));
  }

  getTreeItem(element: TaskElement): vscode.TreeItem {
    const row = describeOperation(element.operation, this.rowContext());
    element.drawn = row;
    const item = new vscode.TreeItem(row.label);
    item.id = element.id;
    item.description = row.description;
    item.iconPath = themeIcon(row);
    item.contextValue = row.contextValue;
    item.accessibilityInformation = { label: row.accessibilityLabel };
    return item;
  }

  /** Operations do not nest; VS Code asks all the same before it reveals one. */
  getParent(): undefined {
    return undefined;
  }

  resolveTreeItem(item: vscode.TreeItem, element: TaskElement): vscode.TreeItem {
    item.tooltip = new vscode.MarkdownString(tooltipMarkdown(operationTooltip(element.operation, this.rowContext())));
    return item;
  }

  dispose(): void {
    this.tick?.dispose();
    this.resources.dispose();
  }

  private operationChanged(operation: TrackedOperation | undefined): void {
    const element = operation && this.elements.get(operation.id);
    if (operation === undefined || element === undefined) {
      this.scheduler.markAll();
    } else {
      const isSameState = element.operation.state === operation.state && element.drawn !== undefined;
      element.operation = operation;
      this.scheduler.mark([element.id], isSameState && operation.state === 'running' ? 'progress' : 'soon');
    }
    this.tellEnded();
    this.keepTicking();
  }

  private element(operation: TrackedOperation): TaskElement {
    const known = this.elements.get(operation.id);
    if (known !== undefined) {
      known.operation = operation;
      return known;
    }
    const made = new TaskElement(operation);
    this.elements.set(operation.id, made);
    return made;
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
        const row = describeOperation(element.operation, this.rowContext());
        if (!isOver(element.operation) && row.description !== element.drawn?.description) {
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
