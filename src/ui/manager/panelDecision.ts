import { isOver, type TrackedOperation } from '../../operations/trackedOperation';
import type { PreviewKind } from '../../webview/protocol/shapes';
import type { PageParts } from '../../webview/protocol/toPage';
import { RestoreChoice } from '../commands/restoreChoice';
import type { ManagerContext } from '../text/manager/context';
import type { ManagerServices } from './managerServices';
import { commandOf, PanelPreview } from './panelPreview';
import type { PanelRows } from './panelRows';
import type { VmSubject } from './vmSubject';

/** The operation that a panel shows before it is done, from the choice until the person has confirmed it or gone back. */
export class PanelDecision {
  private preview: PanelPreview | undefined;
  private previews = 0;
  private isGoing = false;

  /**
   * @param context - what texts are worded with now
   * @param changed - there is something else to show; `now` when the person has asked for it
   */
  constructor(
    private readonly services: Pick<ManagerServices, 'operations' | 'logger' | 'settings' | 'run'>,
    private readonly subject: Pick<VmSubject, 'connection' | 'vm'>,
    private readonly rows: PanelRows,
    private readonly context: () => ManagerContext,
    private readonly changed: (when: 'now' | 'soon') => void,
  ) {}

  /** What the page shows of it; null when nothing is to be decided. */
  get shown(): PageParts['preview'] {
    return this.preview?.describe(this.context(), this.services.settings().offerSnapshotFirst) ?? null;
  }

  /** Shows what an operation would do. @returns why not; undefined when it does */
  start(kind: PreviewKind, rowId: string | null): string | undefined {
    const { operations, logger } = this.services;
    const { connection, vm } = this.subject;
    const needsSnapshot = kind === 'restore' || kind === 'delete' || kind === 'deleteWithChildren';
    const snapshot = rowId === null ? undefined : this.rows.snapshot(rowId);
    if (connection === undefined || vm === undefined || needsSnapshot !== (snapshot !== undefined)) {
      return `no such row for ${kind}`;
    }
    this.preview = new PanelPreview(++this.previews, { kind, connection, vm, snapshot }, operations, logger, () => {
      this.changed('soon');
    });
    this.isGoing = false;
    void this.preview.update();
    this.changed('now');
    return undefined;
  }

  /** Whether to take a snapshot before the restore that is shown. @returns why not; undefined when it was noted */
  takeFirst(previewId: number, isOn: boolean): string | undefined {
    if (this.preview?.id !== previewId) {
      return 'another preview';
    }
    this.preview.takeFirst(isOn);
    return undefined;
  }

  /** Goes on to the confirmation. @returns why not; undefined when it does */
  goOn(previewId: number): string | undefined {
    const { preview, shown } = this;
    if (preview === undefined || shown?.id !== previewId || shown.go === '') {
      return 'nothing to go on with';
    }
    const { kind, snapshot } = preview.request;
    const node = this.rows.node(snapshot?.id);
    if (node === undefined) {
      return 'no such row';
    }
    if (!this.isGoing) {
      this.isGoing = true;
      const choice =
        kind === 'restore' || kind === 'restoreLatest'
          ? new RestoreChoice(shown.first?.isOn === true ? 'snapshotFirst' : 'go')
          : undefined;
      void this.services.run(commandOf[kind], node, choice).finally(() => {
        this.isGoing = false;
      });
    }
    return undefined;
  }

  /** Plans again: the VM has changed. Without a VM there is nothing to decide. */
  follow(): void {
    if (this.subject.vm === undefined) {
      this.preview = undefined;
    }
    void this.preview?.update();
  }

  /** Follows an operation on the VM, whoever started it in this window. */
  followOperation(operation: TrackedOperation): void {
    if (this.isGoing) {
      // It was confirmed: from here on the tree itself shows how it goes.
      this.preview = undefined;
    }
    if (isOver(operation)) {
      void this.preview?.update();
    }
  }

  /** Goes back to the tree. */
  end(): void {
    if (this.preview !== undefined) {
      this.preview = undefined;
      this.changed('now');
    }
  }
}
