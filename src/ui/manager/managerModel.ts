import { type Disposable, DisposableStore } from '../../common/disposable';
import { Emitter } from '../../common/event';
import { multiLine } from '../../common/text';
import { backupNameMatcher } from '../../hypervisor/health/backupProduct';
import type { SnapshotTree } from '../../hypervisor/model/snapshot';
import type { TrackedOperation } from '../../operations/trackedOperation';
import { presentRowId, type PreviewKind } from '../../webview/protocol/shapes';
import type { ToHost } from '../../webview/protocol/toHost';
import type { PageParts, ToPage } from '../../webview/protocol/toPage';
import { changeOfTree, endOfOperation } from '../text/manager/announcements';
import type { ManagerContext } from '../text/manager/context';
import { nameInSentence } from '../text/names';
import type { TreeNode } from '../text/treeNode';
import type { ManagerServices } from './managerServices';
import { PanelDecision } from './panelDecision';
import { PanelEdit } from './panelEdit';
import { panelParts } from './panelParts';
import { PanelRows } from './panelRows';
import type { PanelTarget } from './panelTarget';
import { PartsPublisher } from './partsPublisher';
import { VmReading } from './vmReading';
import { type SubjectChange, VmSubject } from './vmSubject';

type Message<Type extends ToHost['type']> = Extract<ToHost, { type: Type }>;

/**
 * What one panel shows and does, without the panel: follows the VM, tells the page what has changed, and turns what the
 * page asks for into commands.
 *
 * @remarks Rows of the page are looked up in what the server has told; what is not there is refused.
 */
export class ManagerModel implements Disposable {
  private readonly resources = new DisposableStore();
  private readonly posted = this.resources.add(new Emitter<ToPage>());
  private readonly closed = this.resources.add(new Emitter<void>());
  private readonly titled = this.resources.add(new Emitter<string>());
  private readonly subject: VmSubject;
  private readonly rows: PanelRows;
  private readonly reading: VmReading;
  private readonly edit: PanelEdit;
  private readonly decision: PanelDecision;
  private readonly publisher: PartsPublisher;
  private selectedId: string | undefined;

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
    const { directory, operations, clock, logger, history, protection, favorites, onDidChangeSettings } = services;
    const { resources } = this;
    const subject = resources.add(new VmSubject(target, directory, clock));
    this.subject = subject;
    this.rows = new PanelRows(subject);
    this.publisher = resources.add(
      new PartsPublisher(
        clock,
        () => this.parts(),
        (parts) => {
          this.posted.fire({ type: 'update', parts });
        },
      ),
    );
    const changed = (): void => {
      this.publisher.publishSoon();
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
        this.publisher.publish();
      },
    );
    this.decision = new PanelDecision(
      services,
      subject,
      this.rows,
      () => this.context(),
      (when) => {
        if (when === 'now') {
          this.publisher.publish();
        } else {
          changed();
        }
      },
    );
    resources.add(
      subject.onDidChange((change) => {
        this.follow(change);
      }),
    );
    resources.add(onDidChangeSettings(changed));
    resources.add(protection.onDidChange(changed));
    resources.add(favorites.onDidChange(changed));
    resources.add(
      history.onDidChange((operation) => {
        this.followOperation(operation);
      }),
    );
  }

  /** Whether the person can see the page. Nothing is read or told while he cannot. */
  setVisible(visible: boolean): void {
    this.reading.setPaused(!visible);
    this.publisher.setVisible(visible);
  }

  /** The row of the inventory that a row of the page stands for; undefined for one that does not exist. */
  nodeOf(rowId: string | undefined): TreeNode | undefined {
    return this.rows.node(rowId);
  }

  /**
   * Does what the page asks for.
   *
   * @returns why it was refused; undefined when it was not
   */
  receive(message: ToHost): string | undefined {
    const { decision, edit } = this;
    switch (message.type) {
      case 'ready':
        this.tellEverything();
        return undefined;
      case 'select':
        return this.select(message.id);
      case 'vmAct':
        return this.actOnVm(message.act);
      case 'preview':
        return decision.start(message.kind, message.id);
      case 'closePreview':
        decision.end();
        return undefined;
      case 'takeFirst':
        return decision.takeFirst(message.preview, message.isOn);
      case 'go':
        return decision.goOn(message.preview);
      case 'edit':
        return edit.start(this.nodeOf(message.id), message);
      case 'closeEdit':
        edit.close();
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
  startPreview(kind: PreviewKind, rowId: string | null): string | undefined {
    return this.decision.start(kind, rowId);
  }

  /** Brings a row into view, for editing if wanted. */
  reveal(rowId: string, isEdited: boolean): void {
    this.decision.end();
    this.select(rowId);
    this.posted.fire({ type: 'reveal', id: rowId, isEdited });
  }

  dispose(): void {
    this.resources.dispose();
  }

  private select(rowId: string | null): string | undefined {
    if (rowId !== null && !this.rows.has(rowId)) {
      return 'no such row';
    }
    this.selectedId = rowId ?? undefined;
    this.publisher.publish();
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

  private compare({ id, with: other }: Message<'compare'>): string | undefined {
    const { connection, vm } = this.subject;
    const left = this.rows.snapshot(id);
    const right = other === presentRowId ? undefined : this.rows.snapshot(other);
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
    if (change.kind === 'place') {
      this.publisher.publishSoon();
      return;
    }
    if (change.kind === 'vm') {
      const { before } = change;
      if (vm !== undefined && vmName !== before?.name) {
        this.titled.fire(vmName);
      }
      if (before !== undefined && vm !== undefined && before.snapshots !== vm.snapshots) {
        this.announceChange(before.snapshots, vm.snapshots);
      }
    }
    this.reading.readSoon();
    this.decision.follow();
    this.publisher.publishSoon();
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
    const text = endOfOperation(operation, this.context());
    if (text !== undefined) {
      this.posted.fire({ type: 'announce', text, isUrgent: operation.state !== 'succeeded' });
      this.reading.readSoon();
    }
    this.decision.followOperation(operation);
    this.publisher.publishSoon();
  }

  private tellEverything(): void {
    const { target } = this;
    const { connection, vmName } = this.subject;
    this.posted.fire({
      type: 'remember',
      server: connection?.id ?? target.serverId,
      isDemo: target.isDemo,
      vm: target.vmId,
      name: nameInSentence(vmName),
    });
    this.publisher.tellEverything();
  }

  private parts(): PageParts {
    const { id, reading, decision, edit, selectedId, services } = this;
    const { connection, vm, vmName, trueAtMs } = this.subject;
    const error = reading.error?.say({ vmName: nameInSentence(vmName) });
    const protection = connection && vm && services.protection.of(connection, vm.id);
    const isFavorite = connection !== undefined && vm !== undefined && services.favorites.has(connection, vm.id);
    return panelParts(
      {
        panelId: id,
        situation: { connection, vm, vmName, error, trueAtMs, protection, isFavorite },
        plan: reading.plan,
        history: services.history,
        selectedId,
        preview: decision.shown,
        edit: edit.state,
        show: (snapshot) => edit.show(snapshot),
      },
      this.context(),
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
