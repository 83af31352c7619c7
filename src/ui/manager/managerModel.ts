import { type Disposable, DisposableStore } from '../../common/disposable';
import { Emitter } from '../../common/event';
import { multiLine } from '../../common/text';
import { backupNameMatcher } from '../../hypervisor/health/backupProduct';
import type { Snapshot, SnapshotTree } from '../../hypervisor/model/snapshot';
import { allSnapshots } from '../../hypervisor/model/snapshotTree';
import { isOver, type TrackedOperation } from '../../operations/trackedOperation';
import { presentRowId } from '../../webview/protocol/shapes';
import type { PageParts, ToPage } from '../../webview/protocol/toPage';
import type { ToHost } from '../../webview/protocol/toHost';
import { RestoreChoice } from '../commands/restoreChoice';
import { changeOfTree, endOfOperation } from '../text/manager/announcements';
import type { ManagerContext } from '../text/manager/context';
import { nameInSentence } from '../text/names';
import type { TreeNode } from '../text/treeNode';
import type { ManagerServices } from './managerServices';
import { PanelEdit } from './panelEdit';
import { panelParts } from './panelParts';
import { commandOf, PanelPreview } from './panelPreview';
import type { PanelTarget } from './panelTarget';
import { VmReading } from './vmReading';
import { type SubjectChange, VmSubject } from './vmSubject';

// Updates of a busy server come in bursts; a person sees no difference.
const publishAfterMs = 30;

// Ages are told in minutes at the finest, and by the hour once they are old.
const retellMs = 60_000;

type Message<Type extends ToHost['type']> = Extract<ToHost, { type: Type }>;

/**
 * What one panel shows and does, without the panel: follows the VM, tells the page what has changed, and turns what the
 * page asks for into commands.
 *
 * @remarks Rows of the page are looked up in what the server has told; what is not there is refused.
 */
export class ManagerModel implements Disposable {
  private readonly resources = new DisposableStore();
  private readonly told = new Map<keyof PageParts, string>();
  private readonly posted = new Emitter<ToPage>();
  private readonly closed = new Emitter<void>();
  private readonly titled = new Emitter<string>();
  private readonly subject: VmSubject;
  private readonly reading: VmReading;
  private readonly edit: PanelEdit;
  private selectedId: string | undefined;
  private preview: PanelPreview | undefined;
  private previews = 0;
  private isGoing = false;
  private publishing: Disposable | undefined;
  private retelling: Disposable | undefined;
  private isVisible = false;

  /** Goes to the page, in this order. */
  readonly onDidPost = this.posted.event;
  /** The person wants the panel closed. */
  readonly onDidClose = this.closed.event;
  /** The VM has another name. */
  readonly onDidChangeTitle = this.titled.event;

  /** @param id - of the panel, by which its page names it */
  constructor(
    private readonly id: string,
    private readonly target: PanelTarget,
    private readonly services: ManagerServices,
  ) {
    const { directory, operations, clock, logger, history, onDidChangeSettings } = services;
    const { resources } = this;
    const subject = resources.add(new VmSubject(target, directory, clock));
    this.subject = subject;
    const changed = (): void => {
      this.publishSoon();
    };
    this.reading = resources.add(
      new VmReading(
        () => {
          const { connection, vm } = subject;
          return connection === undefined || vm === undefined ? undefined : { connection, vm };
        },
        operations,
        clock,
        logger,
        changed,
      ),
    );
    this.edit = new PanelEdit(
      (node, edit) => services.run('editSnapshot', node, edit),
      () => {
        this.publish();
      },
    );
    resources.add(
      subject.onDidChange((change) => {
        this.follow(change);
      }),
    );
    resources.add(onDidChangeSettings(changed));
    resources.add(
      history.onDidChange((operation) => {
        this.followOperation(operation);
      }),
    );
    this.retell();
  }

  /** Whether the person can see the page. Nothing is read or told while he cannot. */
  setVisible(visible: boolean): void {
    this.isVisible = visible;
    this.reading.setPaused(!visible);
    if (visible) {
      this.publishSoon();
    }
  }

  /** The row of the inventory that a row of the page stands for; undefined for one that does not exist. */
  nodeOf(rowId: string | undefined): TreeNode | undefined {
    const { connection, vm } = this.subject;
    if (connection === undefined || vm === undefined) {
      return undefined;
    }
    if (rowId === undefined) {
      return { kind: 'vm', connection, vm };
    }
    if (rowId === presentRowId) {
      return { kind: 'present', connection, vmId: vm.id };
    }
    const snapshot = this.snapshotOf(rowId);
    return snapshot && { kind: 'snapshot', connection, vmId: vm.id, snapshot };
  }

  /**
   * Does what the page asks for.
   *
   * @returns why it was refused; undefined when it was not
   */
  receive(message: ToHost): string | undefined {
    switch (message.type) {
      case 'ready':
        this.tellEverything();
        return undefined;
      case 'select':
        return this.select(message.id);
      case 'vmAct':
        return this.actOnVm(message.act);
      case 'preview':
        return this.startPreview(message.kind, message.id);
      case 'closePreview':
        this.endPreview();
        return undefined;
      case 'takeFirst':
        if (message.preview !== this.preview?.id) {
          return 'another preview';
        }
        this.preview.takeFirst(message.isOn);
        return undefined;
      case 'go':
        return this.goOn(message.preview);
      case 'edit':
        return this.edit.start(this.nodeOf(message.id), message);
      case 'closeEdit':
        this.edit.close();
        return undefined;
      case 'compare':
        return this.compare(message);
      case 'help':
        this.helpWith(message.id);
        return undefined;
      case 'trouble':
        this.services.logger.warn(`The page of ${this.target.vmId} reports: ${multiLine(message.text)}`);
        return undefined;
    }
  }

  /** Shows what an operation would do. @returns why not; undefined when it does */
  startPreview(kind: Message<'preview'>['kind'], rowId: string | null): string | undefined {
    const { services } = this;
    const { connection, vm } = this.subject;
    const needsSnapshot = kind === 'restore' || kind === 'delete' || kind === 'deleteWithChildren';
    const snapshot = rowId === null ? undefined : this.snapshotOf(rowId);
    if (connection === undefined || vm === undefined || needsSnapshot !== (snapshot !== undefined)) {
      return `no such row for ${kind}`;
    }
    this.preview = new PanelPreview(
      ++this.previews,
      { kind, connection, vm, snapshot },
      services.operations,
      services.logger,
      () => {
        this.publishSoon();
      },
    );
    this.isGoing = false;
    void this.preview.update();
    this.publish();
    return undefined;
  }

  /** Brings a row into view, for editing if wanted. */
  reveal(rowId: string, isEdited: boolean): void {
    this.endPreview();
    this.select(rowId);
    this.posted.fire({ type: 'reveal', id: rowId, isEdited });
  }

  dispose(): void {
    this.publishing?.dispose();
    this.retelling?.dispose();
    this.resources.dispose();
    this.posted.dispose();
    this.closed.dispose();
    this.titled.dispose();
  }

  private snapshotOf(rowId: string): Snapshot | undefined {
    const { vm } = this.subject;
    return vm && allSnapshots(vm.snapshots).find(({ id }) => id === rowId);
  }

  private select(rowId: string | null): string | undefined {
    if (rowId !== null && rowId !== presentRowId && this.snapshotOf(rowId) === undefined) {
      return 'no such row';
    }
    this.selectedId = rowId ?? undefined;
    this.publish();
    return undefined;
  }

  private actOnVm(act: Message<'vmAct'>['act']): string | undefined {
    const node = this.nodeOf(undefined);
    if (node === undefined) {
      return 'no VM';
    }
    if (act === 'refresh') {
      this.reading.readSoon();
    } else {
      void this.services.run('takeSnapshot', node);
    }
    return undefined;
  }

  private goOn(previewId: number): string | undefined {
    const { preview, services } = this;
    const shown = preview?.describe(this.context(), services.settings().offerSnapshotFirst);
    if (preview === undefined || shown?.id !== previewId || shown.go === '') {
      return 'nothing to go on with';
    }
    const { kind, snapshot } = preview.request;
    const node = this.nodeOf(snapshot?.id);
    if (node === undefined) {
      return 'no such row';
    }
    if (!this.isGoing) {
      this.isGoing = true;
      const choice =
        kind === 'restore' || kind === 'restoreLatest'
          ? new RestoreChoice(shown.first?.isOn === true ? 'snapshotFirst' : 'go')
          : undefined;
      void services.run(commandOf[kind], node, choice).finally(() => {
        this.isGoing = false;
      });
    }
    return undefined;
  }

  private compare({ id, with: other }: Message<'compare'>): string | undefined {
    const { connection, vm } = this.subject;
    const left = this.snapshotOf(id);
    const right = other === presentRowId ? undefined : this.snapshotOf(other);
    if (
      connection === undefined ||
      vm === undefined ||
      left === undefined ||
      (right === undefined && other !== presentRowId)
    ) {
      return 'no such rows';
    }
    // The older one is on the left, as in every comparison.
    const isSwapped = right !== undefined && right.createdAtMs < left.createdAtMs;
    void this.services.compare(connection, vm.id, isSwapped ? right.id : left.id, isSwapped ? left.id : right?.id);
    return undefined;
  }

  private helpWith(id: Message<'help'>['id']): void {
    const { services } = this;
    const { connection } = this.subject;
    if (id === 'close') {
      this.closed.fire();
    } else if (id === 'showLog') {
      services.showLog();
    } else if (connection !== undefined && connection.state.kind !== 'live') {
      void services.run('connect', { kind: 'server', connection });
    } else {
      this.reading.readSoon();
    }
  }

  private follow(change: SubjectChange): void {
    const { vm, vmName } = this.subject;
    switch (change.kind) {
      case 'vm': {
        const { before } = change;
        if (vm === undefined) {
          this.preview = undefined;
        } else if (vmName !== before?.name) {
          this.titled.fire(vmName);
        }
        if (before !== undefined && vm !== undefined && before.snapshots !== vm.snapshots) {
          this.announceChange(before.snapshots, vm.snapshots);
        }
        break;
      }
      case 'state':
      case 'tasks':
        break;
      case 'place':
        this.publishSoon();
        return;
    }
    this.reading.readSoon();
    void this.preview?.update();
    this.publishSoon();
  }

  private announceChange(before: SnapshotTree, after: SnapshotTree): void {
    const { services, target } = this;
    const { connection } = this.subject;
    // What the person has started is announced by its end.
    const own = connection && services.history.ofVm(connection.id, target.vmId);
    const text = own === undefined ? changeOfTree(before, after, this.context()) : undefined;
    if (text !== undefined) {
      this.posted.fire({ type: 'announce', text, isUrgent: false });
    }
  }

  private followOperation(operation: TrackedOperation | undefined): void {
    if (
      operation === undefined ||
      operation.connection !== this.subject.connection ||
      operation.operation.vmId !== this.target.vmId
    ) {
      return;
    }
    if (this.isGoing) {
      // It was confirmed: from here on the tree itself shows how it goes.
      this.preview = undefined;
    }
    const text = endOfOperation(operation, this.context());
    if (text !== undefined) {
      this.posted.fire({ type: 'announce', text, isUrgent: operation.state !== 'succeeded' });
      this.reading.readSoon();
    }
    if (isOver(operation)) {
      void this.preview?.update();
    }
    this.publishSoon();
  }

  private endPreview(): void {
    if (this.preview !== undefined) {
      this.preview = undefined;
      this.publish();
    }
  }

  private tellEverything(): void {
    this.told.clear();
    const { target } = this;
    const { connection, vmName } = this.subject;
    this.posted.fire({
      type: 'remember',
      server: connection?.id ?? target.serverId,
      isDemo: target.isDemo,
      vm: target.vmId,
      name: nameInSentence(vmName),
    });
    this.publish();
  }

  /** Ages grow without anything happening. */
  private retell(): void {
    this.retelling = this.services.clock.schedule(retellMs, () => {
      this.publishSoon();
      this.retell();
    });
  }

  private publishSoon(): void {
    if (!this.isVisible || this.publishing !== undefined) {
      return;
    }
    this.publishing = this.services.clock.schedule(publishAfterMs, () => {
      this.publish();
    });
  }

  /** Tells the page what is different from what it was told. */
  private publish(): void {
    this.publishing?.dispose();
    this.publishing = undefined;
    if (!this.isVisible) {
      return;
    }
    const parts = this.parts();
    const changed: Partial<Record<keyof PageParts, unknown>> = {};
    for (const [name, part] of Object.entries(parts) as [keyof PageParts, unknown][]) {
      const text = JSON.stringify(part);
      if (this.told.get(name) !== text) {
        this.told.set(name, text);
        changed[name] = part;
      }
    }
    if (Object.keys(changed).length > 0) {
      this.posted.fire({ type: 'update', parts: changed as Partial<PageParts> });
    }
  }

  private parts(): PageParts {
    const { id, reading, preview, edit, selectedId, services } = this;
    const { connection, vm, vmName, trueAtMs } = this.subject;
    const context = this.context();
    const error = reading.error?.say({ vmName: nameInSentence(vmName) });
    return panelParts(
      {
        panelId: id,
        situation: { connection, vm, vmName, error, trueAtMs },
        plan: reading.plan,
        history: services.history,
        selectedId,
        preview: preview?.describe(context, services.settings().offerSnapshotFirst) ?? null,
        edit: edit.state,
        show: (snapshot) => edit.show(snapshot),
      },
      context,
    );
  }

  private context(): ManagerContext {
    const { formats, clock, settings } = this.services;
    const { warnAfterDays, oldAfterDays, backupNamePatterns } = settings();
    return {
      formats,
      nowMs: clock.now(),
      warnAfterDays,
      oldAfterDays,
      backupPattern: backupNameMatcher(backupNamePatterns),
      creators: this.reading.creators,
    };
  }
}
