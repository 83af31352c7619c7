import type { Operation, OperationKind } from '../model/operation';
import { currentDepth, findSnapshot } from '../model/snapshotTree';
import type { Limitation, VmDetail } from '../model/vmDetail';
import type { Blocker } from './plan';

/** vSphere's own limit for snapshots in a chain. */
export const maxChainLength = 32;

export interface BlockerInput {
  readonly detail: VmDetail;
  readonly operation: Operation;
  readonly missingPrivileges: readonly string[];
  readonly isReadOnlyServer: boolean;
}

/** Everything that rules the operation out now, the reason that says most first. */
export function findBlockers(input: BlockerInput): Blocker[] {
  const general = [
    ...serverBlockers(input),
    ...vmBlockers(input.detail),
    ...treeBlockers(input),
    ...rightsBlockers(input),
  ];
  return input.operation.kind === 'take' ? [...general, ...takeBlockers(input.detail, input.operation)] : general;
}

function serverBlockers({ isReadOnlyServer }: BlockerInput): Blocker[] {
  return isReadOnlyServer ? [{ kind: 'readOnlyServer', advisory: false }] : [];
}

function vmBlockers({ vm, activeTasks }: VmDetail): Blocker[] {
  const found: Blocker[] = [];
  if (vm.reachability !== 'connected') {
    found.push({ kind: 'unreachable', reachability: vm.reachability, advisory: false });
  }
  if (vm.isTemplate) {
    found.push({ kind: 'template', advisory: false });
  }
  if (activeTasks[0] !== undefined) {
    found.push({ kind: 'busy', task: activeTasks[0], advisory: false });
  }
  if (vm.question !== undefined) {
    // The task would start and then wait for the answer: no failure, but nothing that should surprise anybody.
    found.push({ kind: 'question', text: vm.question, advisory: true });
  }
  return found;
}

function treeBlockers({ detail, operation }: BlockerInput): Blocker[] {
  const { snapshots, powerState } = detail.vm;
  switch (operation.kind) {
    case 'edit':
    case 'restore':
    case 'delete':
    case 'deleteWithChildren':
      return findSnapshot(snapshots, operation.snapshotId) === undefined
        ? [{ kind: 'snapshotGone', advisory: false }]
        : [];
    case 'restoreLatest':
      if (snapshots.roots.length === 0) {
        return [{ kind: 'noSnapshots', advisory: false }];
      }
      return findSnapshot(snapshots, snapshots.currentId) === undefined
        ? [{ kind: 'noCurrentSnapshot', advisory: false }]
        : [];
    case 'deleteAll':
      return snapshots.roots.length === 0 ? [{ kind: 'noSnapshots', advisory: false }] : [];
    case 'powerOn':
      return powerState === 'on' ? [{ kind: 'alreadyOn', advisory: false }] : [];
    case 'take':
    case 'consolidate':
      return [];
  }
}

function rightsBlockers({ detail, operation, missingPrivileges }: BlockerInput): Blocker[] {
  const found: Blocker[] = [];
  if (missingPrivileges.length > 0) {
    found.push({ kind: 'noPrivilege', missing: missingPrivileges, advisory: false });
  }
  if (detail.disabledOperations.has(operation.kind)) {
    // The server's list is runtime state that it does not keep exact; only the call itself tells.
    found.push({ kind: 'disabledByOther', advisory: true });
  }
  const limitation = limitationsOf[operation.kind]?.find((each) => detail.limitations.has(each));
  if (limitation !== undefined) {
    found.push({ kind: 'limitation', limitation, advisory: true });
  }
  return found;
}

const limitationsOf: Partial<Record<OperationKind, readonly Limitation[]>> = {
  take: ['faultTolerance', 'snapshotsUnsupported'],
  restore: ['restoreUnsupported'],
  restoreLatest: ['restoreUnsupported'],
};

function takeBlockers(detail: VmDetail, take: Extract<Operation, { kind: 'take' }>): Blocker[] {
  const { vm, disks, blockingDevices, maxSnapshots, limitations } = detail;
  const found: Blocker[] = [];
  for (const disk of disks) {
    if (disk.physicalRaw) {
      found.push({ kind: 'physicalRawDisk', disk: disk.label, advisory: false });
    } else if (disk.shared) {
      found.push({ kind: 'sharedDisk', disk: disk.label, advisory: false });
    }
  }
  for (const device of blockingDevices) {
    found.push({ kind: 'device', device, advisory: false });
  }
  const depth = currentDepth(vm.snapshots);
  if (depth >= Math.min(maxSnapshots ?? maxChainLength, maxChainLength)) {
    found.push({ kind: 'chainFull', snapshots: depth, advisory: false });
  }
  if (limitations.has('multipleUnsupported') && vm.snapshots.roots.length > 0) {
    found.push({ kind: 'limitation', limitation: 'multipleUnsupported', advisory: true });
  }
  return [...found, ...contentsBlockers(detail, take)];
}

function contentsBlockers(
  { vm, disks, limitations, toolsRunning }: VmDetail,
  take: Extract<Operation, { kind: 'take' }>,
): Blocker[] {
  const found: Blocker[] = [];
  const independent = disks.find((disk) => disk.independent);
  if (take.contents === 'memory' && vm.powerState !== 'off' && independent !== undefined) {
    found.push({ kind: 'memoryWithIndependentDisk', disk: independent.label, advisory: false });
  }
  if (take.contents === 'memory' && limitations.has('memoryUnsupported')) {
    found.push({ kind: 'limitation', limitation: 'memoryUnsupported', advisory: true });
  }
  if (take.contents === 'quiesced' && vm.powerState === 'on' && !toolsRunning) {
    // No server refuses it, and none does it.
    found.push({ kind: 'toolsNotRunning', advisory: true });
  }
  if (take.contents === 'quiesced' && limitations.has('quiesceUnsupported')) {
    found.push({ kind: 'limitation', limitation: 'quiesceUnsupported', advisory: true });
  }
  return found;
}
