import * as l10n from '@vscode/l10n';
import type { Logger } from '../../common/logger';
import { HypervisorError } from '../../hypervisor/errors';
import type { ObjectId, SnapshotId } from '../../hypervisor/model/ids';
import type { VirtualMachine as DomainVm } from '../../hypervisor/model/inventory';
import { isEnded, type ServerTask } from '../../hypervisor/model/task';
import type { VmConfiguration } from '../../hypervisor/model/vmConfiguration';
import type { DatastoreFact, SnapshotSizes, VmDetail } from '../../hypervisor/model/vmDetail';
import { objectIdOf, referenceOf } from '../ids';
import { InventoryModel } from '../inventory/inventoryModel';
import { inventoryPaths } from '../inventory/inventoryPaths';
import { toSnapshotTree } from '../inventory/snapshotMapping';
import { decodeName } from '../names';
import { ObjectProperties } from '../property/objectProperties';
import type { PropertyReader } from '../property/propertyReader';
import { followed } from '../property/propertySpecs';
import type { Session } from '../session';
import { toServerTask } from '../tasks/taskMapping';
import { Datastore, HostSystem } from '../vim/inventory';
import type { ObjectContent } from '../vim/property';
import type { ManagedObjectReference, ManagedType, TypeOf } from '../vim/schema';
import { Task } from '../vim/task';
import { VirtualMachine, VirtualMachineSnapshot } from '../vim/virtualMachine';
import { measureSnapshots } from './snapshotSizes';
import { blockingDevices, disksOf } from './vmDevices';
import { toVmConfiguration } from './vmConfiguration';
import { disabledOperations, limitationsOf, maxSnapshotsOf } from './vmLimits';

const maxSnapshotsPath = 'config.extraConfig["snapshot.maxSnapshots"]';

/** What is too dear for the list, or is not pushed: read when somebody wants to do something with the VM. */
const detailPaths: readonly string[] = [
  ...inventoryPaths.filter(({ type }) => type === VirtualMachine).flatMap(({ paths }) => paths),
  'capability.snapshotOperationsSupported',
  'capability.multipleSnapshotsSupported',
  'capability.poweredOffSnapshotsSupported',
  'capability.memorySnapshotsSupported',
  'capability.revertToSnapshotSupported',
  'capability.quiescedSnapshotsSupported',
  'config.guestId',
  'config.hardware.device',
  'disabledMethod',
  'guest.guestFamily',
  'guest.toolsRunningStatus',
  'layoutEx',
  'runtime.faultToleranceState',
  maxSnapshotsPath,
];

const datastorePaths: readonly string[] = [
  'summary.name',
  'summary.capacity',
  'summary.freeSpace',
  'summary.accessible',
];

/** Reads what decides about operations on a VM. */
export class VmReader {
  constructor(
    private readonly session: Session,
    private readonly reader: PropertyReader,
    private readonly logger: Logger,
  ) {}

  /** Everything in one call. @throws HypervisorError of kind `gone`. */
  async readDetail(vmId: ObjectId, signal?: AbortSignal): Promise<VmDetail> {
    const isEsxi = this.session.content.about.apiType === 'HostAgent';
    const spec = followed(
      [
        { type: VirtualMachine, paths: detailPaths },
        { type: Datastore, paths: datastorePaths },
        { type: Task, paths: ['info'] },
        // Only an ESXi can have another server above it.
        ...(isEsxi ? [{ type: HostSystem, paths: ['summary.managementServerIp'] }] : []),
      ],
      referenceOf(vmId),
      ['datastore', 'recentTask', ...(isEsxi ? ['runtime.host'] : [])],
    );
    const contents = await this.reader.readContents(spec, referenceOf(vmId), signal);
    const vm = this.ofType(VirtualMachine, contents)[0];
    if (vm === undefined) {
      throw gone(vmId);
    }
    return this.toDetail(this.toVm(vm.reference, contents), vm, contents);
  }

  /** Sizes of the snapshots of some VMs; those that are gone or whose files cannot be seen are left out. */
  async readSizes(vmIds: readonly ObjectId[], signal?: AbortSignal): Promise<Map<ObjectId, SnapshotSizes>> {
    const sizes = new Map<ObjectId, SnapshotSizes>();
    for (const vm of await this.reader.read(VirtualMachine, vmIds.map(referenceOf), ['layoutEx', 'snapshot'], signal)) {
      const layout = vm.get('layoutEx');
      if (layout !== undefined) {
        sizes.set(objectIdOf(vm.reference), measureSnapshots(layout, toSnapshotTree(vm.get('snapshot'))));
      }
    }
    return sizes;
  }

  /** How the VM is made up, now or when a snapshot was taken. @throws HypervisorError of kind `gone`. */
  async readConfiguration(
    vmId: ObjectId,
    snapshotId: SnapshotId | undefined,
    signal?: AbortSignal,
  ): Promise<VmConfiguration> {
    const read =
      snapshotId === undefined
        ? await this.reader.read(VirtualMachine, [referenceOf(vmId)], ['config'], signal)
        : await this.reader.read(VirtualMachineSnapshot, [referenceOf(snapshotId)], ['config'], signal);
    const config = read[0]?.get('config');
    if (config === undefined) {
      throw snapshotId === undefined ? gone(vmId) : snapshotGone(snapshotId);
    }
    return toVmConfiguration(config);
  }

  private toDetail(
    vm: DomainVm,
    read: ObjectProperties<TypeOf<typeof VirtualMachine>>,
    contents: readonly ObjectContent[],
  ): VmDetail {
    const devices = read.get('config.hardware.device') ?? [];
    const layout = read.get('layoutEx');
    return {
      vm,
      activeTasks: this.tasksIn(contents).filter((task) => !isEnded(task)),
      disks: disksOf(devices),
      blockingDevices: blockingDevices(devices),
      datastores: this.datastoresIn(contents),
      sizes: layout === undefined ? undefined : measureSnapshots(layout, vm.snapshots),
      toolsRunning: toolsRunning(read.get('guest.toolsRunningStatus')),
      windowsGuest:
        read.get('guest.guestFamily') === 'windowsGuest' || read.get('config.guestId')?.startsWith('win') === true,
      maxSnapshots: maxSnapshotsOf(read.item(maxSnapshotsPath)),
      limitations: limitationsOf(
        {
          snapshotOperationsSupported: read.get('capability.snapshotOperationsSupported'),
          multipleSnapshotsSupported: read.get('capability.multipleSnapshotsSupported'),
          poweredOffSnapshotsSupported: read.get('capability.poweredOffSnapshotsSupported'),
          memorySnapshotsSupported: read.get('capability.memorySnapshotsSupported'),
          revertToSnapshotSupported: read.get('capability.revertToSnapshotSupported'),
          quiescedSnapshotsSupported: read.get('capability.quiescedSnapshotsSupported'),
        },
        vm.powerState,
        read.get('runtime.faultToleranceState'),
      ),
      disabledOperations: disabledOperations(read.get('disabledMethod') ?? []),
      managedBy: this.ofType(HostSystem, contents)[0]?.get('summary.managementServerIp'),
    };
  }

  /** The same mapping as in the list, so that the two cannot differ. */
  private toVm(reference: ManagedObjectReference, contents: readonly ObjectContent[]): DomainVm {
    const model = new InventoryModel(objectIdOf(this.session.content.rootFolder), this.logger);
    const content = contents.find(({ obj }) => obj.key === reference.key);
    model.apply(reference, content?.propSet ?? [], []);
    const [vm] = model.news().put;
    if (vm?.kind !== 'vm') {
      throw gone(objectIdOf(reference));
    }
    return vm;
  }

  private tasksIn(contents: readonly ObjectContent[]): ServerTask[] {
    return this.ofType(Task, contents)
      .map((task) => task.get('info'))
      .filter((info) => info !== undefined)
      .map(toServerTask);
  }

  private datastoresIn(contents: readonly ObjectContent[]): DatastoreFact[] {
    return this.ofType(Datastore, contents).map((datastore) => ({
      id: objectIdOf(datastore.reference),
      name: decodeName(datastore.get('summary.name') ?? ''),
      capacityBytes: datastore.get('summary.capacity') ?? 0,
      freeBytes: datastore.get('summary.freeSpace') ?? 0,
      accessible: datastore.get('summary.accessible') === true,
    }));
  }

  private ofType<P extends object>(type: ManagedType<P>, contents: readonly ObjectContent[]): ObjectProperties<P>[] {
    return contents
      .filter(({ obj }) => obj.type === type.name)
      .map((content) => new ObjectProperties(content.obj, type, content, this.logger));
  }
}

function toolsRunning(status: string | undefined): boolean {
  return status === 'guestToolsRunning' || status === 'guestToolsExecutingScripts';
}

function gone(vmId: ObjectId): HypervisorError {
  return new HypervisorError(
    'gone',
    `${vmId} no longer exists, or may no longer be seen`,
    ({ vmName }) =>
      vmName === undefined ? l10n.t('The VM no longer exists.') : l10n.t("'{0}' no longer exists.", vmName),
    { nextStep: 'refresh' },
  );
}

function snapshotGone(snapshotId: SnapshotId): HypervisorError {
  return new HypervisorError(
    'gone',
    `${snapshotId} no longer exists, or its configuration cannot be read`,
    ({ snapshotName }) =>
      snapshotName === undefined
        ? l10n.t('The snapshot no longer exists.')
        : l10n.t("'{0}' no longer exists.", snapshotName),
    { nextStep: 'refresh' },
  );
}
