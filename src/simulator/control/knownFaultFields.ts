import { findType } from '../../vsphere/vim/registry';
import { isA, ManagedObjectReference, type ObjectType } from '../../vsphere/vim/schema';
import { isKind, type ManagedObject } from '../model/registry';
import { vmStateOf } from '../model/vmStateOf';
import type { VimServer } from '../server/vimServer';
import { homePath } from '../state/snapshotOperations';
import type { VmState } from '../state/vmState';

// What a server that raises a fault puts into it by itself, so that whoever asks for the fault need not.

/** What a fault is about to be raised for. */
export interface FaultOccasion {
  readonly server: VimServer;
  /** The object of the call; undefined when there is no such object. */
  readonly target: ManagedObject | undefined;
  readonly method: string;
  /** The task that is to end with it, if it is a task's error. */
  readonly task: ManagedObjectReference | undefined;
}

/** What a server that raises a fault of a type, or of one that derives from it, puts into it by itself. */
const knownToServer: readonly {
  readonly type: string;
  readonly fields: Readonly<Record<string, (occasion: FaultOccasion) => unknown>>;
}[] = [
  { type: 'TaskInProgress', fields: { task: otherTask } },
  { type: 'InvalidPowerState', fields: { existingState: (occasion) => vmOf(occasion)?.power ?? 'poweredOff' } },
  { type: 'ManagedObjectNotFound', fields: { obj: targetRef } },
  { type: 'MethodNotFound', fields: { receiver: targetRef, method: ({ method }) => method } },
  { type: 'InvalidName', fields: { name: targetName } },
  { type: 'DuplicateName', fields: { name: targetName, object: targetRef } },
  { type: 'FileFault', fields: { file: homeFile } },
  { type: 'NoDiskSpace', fields: { datastore: homeDatastore } },
  { type: 'FileTooLarge', fields: { datastore: homeDatastore } },
  { type: 'DisallowedOperationOnFailoverHost', fields: { host: hostRef, hostname: hostName } },
];

/** Fields of a fault that its server fills in, each with what it says. */
export function fieldsKnownToServer(type: ObjectType): Map<string, (occasion: FaultOccasion) => unknown> {
  const applicable = knownToServer.filter((entry) => {
    const declared = findType(entry.type);
    return declared?.kind === 'object' && isA(type, declared);
  });
  return new Map(applicable.flatMap(({ fields }) => Object.entries(fields)));
}

/** The task that is in the way: the one that has the object to itself, else the latest; else one that is forgotten. */
function otherTask({ server, target, task }: FaultOccasion): ManagedObjectReference {
  const ofTarget = target === undefined ? [] : server.tasks.recentTasks(vmRefOf(target));
  const lock = target && server.tasks.lockOn(vmRefOf(target))?.ref;
  return (
    [lock, ...ofTarget.reverse()].find((each) => each !== undefined && each.key !== task?.key) ??
    new ManagedObjectReference('Task', 'task-0')
  );
}

function targetRef({ target, server }: FaultOccasion): ManagedObjectReference {
  return target?.ref ?? server.content.rootFolder;
}

function targetName(occasion: FaultOccasion): string {
  return vmOf(occasion)?.name ?? targetRef(occasion).value;
}

function homeFile(occasion: FaultOccasion): string {
  const vm = vmOf(occasion);
  return vm === undefined ? targetRef(occasion).value : `${homePath(vm)}.vmdk`;
}

function homeDatastore(occasion: FaultOccasion): string {
  return vmOf(occasion)?.home.datastoreName ?? targetRef(occasion).value;
}

function hostRef(occasion: FaultOccasion): ManagedObjectReference {
  return vmOf(occasion)?.host ?? targetRef(occasion);
}

function hostName(occasion: FaultOccasion): string {
  const { server } = occasion;
  return server.registry.resolveEntity(vmOf(occasion)?.host)?.state.name ?? targetName(occasion);
}

function vmRefOf(target: ManagedObject): ManagedObjectReference {
  return isKind(target, 'VirtualMachineSnapshot') ? target.state.vm : target.ref;
}

function vmOf({ target }: FaultOccasion): VmState | undefined {
  return target && vmStateOf(target);
}
