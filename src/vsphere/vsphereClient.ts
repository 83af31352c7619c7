import * as l10n from '@vscode/l10n';
import type { Clock } from '../common/clock';
import type { Logger } from '../common/logger';
import type {
  HypervisorClient,
  InventorySink,
  ScriptTarget,
  ServerIdentity,
  Started,
  TaskSink,
} from '../hypervisor/client';
import { HypervisorError, PrivilegeError } from '../hypervisor/errors';
import type { ObjectId, SnapshotId, TaskId } from '../hypervisor/model/ids';
import type { Operation, OperationKind } from '../hypervisor/model/operation';
import type { Snapshot } from '../hypervisor/model/snapshot';
import type { ServerTask } from '../hypervisor/model/task';
import type { VmConfiguration } from '../hypervisor/model/vmConfiguration';
import type { SnapshotSizes, SpaceNeed, VmDetail } from '../hypervisor/model/vmDetail';
import type { VmReportFacts } from '../hypervisor/report/vmReportFacts';
import { connectionLost } from './connectionErrors';
import { FaultError } from './faults/faultError';
import { translateError } from './faults/translateFault';
import { referenceOf } from './ids';
import { InventoryFeed } from './inventory/inventoryFeed';
import { ResyncError, type WaitLimits } from './property/collector';
import { PropertyReader, type PropertyReaderLimits } from './property/propertyReader';
import { type Session, SessionRenewedError } from './session';
import type { Endpoint, Transport } from './soap/transport';
import { SnapshotCreators } from './tasks/snapshotCreators';
import { TaskFollower } from './tasks/taskFollower';
import { TaskHistory } from './tasks/taskHistory';
import { TaskReader } from './tasks/taskReader';
import { TaskWatch } from './tasks/taskWatch';
import { CancelTask } from './vim/task';
import { powerCliLine, webPageOf } from './vm/externalLinks';
import { OperationStarter } from './vm/operationStarter';
import { Privileges } from './vm/privileges';
import { readReportFacts } from './vm/reportReader';
import { SpaceEstimate } from './vm/spaceEstimate';
import { VmReader } from './vm/vmReader';

export interface ClientParts {
  readonly session: Session;
  readonly transport: Transport;
  readonly endpoint: Endpoint;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: WaitLimits & PropertyReaderLimits;
}

/** A vCenter or ESXi behind the interface of the domain. */
export class VsphereClient implements HypervisorClient {
  readonly identity: ServerIdentity;
  private readonly reader: PropertyReader;
  private readonly feed: InventoryFeed;
  private readonly tasks: TaskReader;
  private readonly history: TaskHistory;
  private readonly creators: SnapshotCreators;
  private readonly follower: TaskFollower;
  private readonly vms: VmReader;
  private readonly privileges: Privileges;
  private readonly starter: OperationStarter;
  private readonly estimate: SpaceEstimate;
  private isFeeding = false;
  private closing: Promise<void> | undefined;

  constructor(private readonly parts: ClientParts) {
    const { session, endpoint, clock, logger, limits } = parts;
    const reader = new PropertyReader(session, logger, limits);
    this.reader = reader;
    this.identity = identityOf(session);
    this.feed = new InventoryFeed(session, reader, endpoint, clock, logger, limits);
    this.tasks = new TaskReader(session, reader, logger);
    this.history = new TaskHistory(session, clock, logger);
    this.creators = new SnapshotCreators(this.tasks, this.history);
    this.follower = new TaskFollower(session, this.tasks, endpoint, clock, logger, limits);
    this.vms = new VmReader(session, reader, logger);
    this.privileges = new Privileges(session, reader, clock, logger);
    this.starter = new OperationStarter(session, endpoint, logger);
    this.estimate = new SpaceEstimate(session, reader, this.follower, logger);
  }

  async watchInventory(sink: InventorySink, signal: AbortSignal): Promise<void> {
    if (this.isFeeding) {
      throw new Error('the inventory is being watched already');
    }
    this.isFeeding = true;
    try {
      await this.meaning(() => this.feed.run(sink, signal));
    } finally {
      this.isFeeding = false;
    }
  }

  async watchTasks(sink: TaskSink, signal: AbortSignal): Promise<void> {
    const { endpoint, clock } = this.parts;
    await this.meaning(() => new TaskWatch(this.tasks, this.follower, endpoint, clock, sink).run(signal));
  }

  async readVm(vmId: ObjectId, signal?: AbortSignal): Promise<VmDetail> {
    return await this.meaning(() => this.vms.readDetail(vmId, signal));
  }

  async readSizes(vmIds: readonly ObjectId[], signal?: AbortSignal): Promise<ReadonlyMap<ObjectId, SnapshotSizes>> {
    return await this.meaning(() => this.vms.readSizes(vmIds, signal));
  }

  async readConfiguration(
    vmId: ObjectId,
    snapshotId: SnapshotId | undefined,
    signal?: AbortSignal,
  ): Promise<VmConfiguration> {
    return await this.meaning(() => this.vms.readConfiguration(vmId, snapshotId, signal));
  }

  async snapshotCreators(
    vmId: ObjectId,
    snapshots: readonly Snapshot[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<SnapshotId, string>> {
    return await this.meaning(() => this.creators.of(vmId, snapshots, signal));
  }

  async readReportFacts(
    vmIds: readonly ObjectId[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<ObjectId, VmReportFacts>> {
    return await this.meaning(() => readReportFacts(this.reader, vmIds, signal));
  }

  webPageOf(vmId: ObjectId): string {
    return webPageOf(this.parts.endpoint, this.parts.session.content.about, vmId);
  }

  scriptLine(target: ScriptTarget): string {
    return powerCliLine(this.parts.endpoint, target);
  }

  async estimateSpace(vmId: ObjectId, signal?: AbortSignal): Promise<readonly SpaceNeed[]> {
    return await this.meaning(() => this.estimate.of(vmId, signal));
  }

  async missingPrivileges(vmId: ObjectId, operation: OperationKind, signal?: AbortSignal): Promise<readonly string[]> {
    return await this.meaning(() => this.privileges.missing(vmId, operation, signal));
  }

  async start(operation: Operation, signal?: AbortSignal): Promise<Started> {
    try {
      return await this.meaning(() => this.starter.start(operation, signal));
    } catch (error) {
      if (error instanceof PrivilegeError) {
        this.privileges.forget(operation.vmId);
      }
      throw error;
    }
  }

  async followTask(taskId: TaskId, onProgress: (task: ServerTask) => void, signal?: AbortSignal): Promise<ServerTask> {
    return await this.meaning(() => this.follower.follow(taskId, onProgress, signal));
  }

  async readTask(taskId: TaskId, signal?: AbortSignal): Promise<ServerTask | undefined> {
    return await this.meaning(() => this.tasks.readOne(taskId, signal));
  }

  async recentTasks(vmId: ObjectId, signal?: AbortSignal): Promise<readonly ServerTask[]> {
    return await this.meaning(() => this.tasks.recentOf(referenceOf(vmId), signal));
  }

  async pastTasks(vmId: ObjectId, sinceMs: number, signal?: AbortSignal): Promise<readonly ServerTask[]> {
    return await this.meaning(() => this.history.since(referenceOf(vmId), sinceMs, signal));
  }

  async cancelTask(taskId: TaskId, signal?: AbortSignal): Promise<void> {
    await this.meaning(async () => {
      try {
        await this.parts.session.call(CancelTask, referenceOf(taskId), {}, { signal });
      } catch (error) {
        throw cannotCancel(error);
      }
    });
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    this.follower.dispose();
    try {
      await this.parts.session.close();
    } finally {
      this.parts.transport.dispose();
    }
  }

  /** Lets nothing out that only this folder knows. */
  private async meaning<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof SessionRenewedError || error instanceof ResyncError) {
        throw connectionLost('the session was lost on the way', this.parts.endpoint, error);
      }
      throw translateError(error);
    }
  }
}

function identityOf({ content: { about }, user }: Session): ServerIdentity {
  return {
    product: about.apiType === 'HostAgent' ? 'ESXi' : 'vCenter',
    version: `${about.version} build ${about.build}`,
    instanceId: about.instanceUuid,
    userName: user.userName,
  };
}

function cannotCancel(error: unknown): unknown {
  if (FaultError.is(error, 'NotSupported')) {
    return new HypervisorError('notSupported', error.message, () => l10n.t("The server can't stop this task."), {
      cause: error,
    });
  }
  if (FaultError.isA(error, 'InvalidState')) {
    return new HypervisorError('nothingToDo', error.message, () => l10n.t('The task has ended already.'), {
      cause: error,
    });
  }
  return error;
}
