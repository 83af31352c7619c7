import type { VirtualMachine } from '../model/inventory';
import type { Operation } from '../model/operation';
import type { Snapshot, SnapshotTree } from '../model/snapshot';
import { allSnapshots, findSnapshot, newestSnapshot, pathTo } from '../model/snapshotTree';
import { millisecondsPerDay } from '../../common/text';
import type { SpaceNeed, VmDetail } from '../model/vmDetail';
import { findBlockers } from './blockers';
import type { Plan, SpaceForecast, Warning } from './plan';
import { predict, removedBy } from './predict';

// Windows machines change the secret that they share with their domain every 30 days.
const domainSecretDays = 30;

export interface PlanInput {
  readonly detail: VmDetail;
  readonly operation: Operation;
  readonly missingPrivileges: readonly string[];
  readonly isReadOnlyServer: boolean;
  readonly space: readonly SpaceNeed[];
  /** Gives the pattern by which a snapshot's name belongs to a backup product. */
  readonly backupPattern: (snapshotName: string) => string | undefined;
  readonly nowMs: number;
}

/** What the operation will do, from what has just been read of the VM. */
export function buildPlan(asked: PlanInput): Plan {
  const { detail } = asked;
  const { vm } = detail;
  const operation = withMemoryOfSuspended(asked.operation, vm);
  const input = { ...asked, operation };
  const before = { tree: vm.snapshots, powerState: vm.powerState, needsConsolidation: vm.needsConsolidation };
  const target = targetOf(vm.snapshots, operation);
  return {
    operation,
    vm,
    detail,
    target,
    current: findSnapshot(vm.snapshots, vm.snapshots.currentId),
    removed: removedBy(vm.snapshots, operation),
    before,
    after: predict(before, operation, input.nowMs, detail.toolsRunning),
    blockers: findBlockers(input),
    warnings: findWarnings(input, target),
    space: forecastSpace(input),
  };
}

/**
 * What a suspended VM has in memory is on disk already, and always goes into its snapshot: a snapshot of its disks alone
 * would be one of a machine whose plug was pulled. Servers before 6.7 know no other way.
 */
function withMemoryOfSuspended(operation: Operation, vm: VirtualMachine): Operation {
  return operation.kind === 'take' && vm.powerState === 'suspended' ? { ...operation, contents: 'memory' } : operation;
}

function targetOf(tree: SnapshotTree, operation: Operation): Snapshot | undefined {
  switch (operation.kind) {
    case 'edit':
    case 'restore':
    case 'delete':
    case 'deleteWithChildren':
      return findSnapshot(tree, operation.snapshotId);
    case 'restoreLatest':
      return findSnapshot(tree, tree.currentId);
    case 'take':
    case 'deleteAll':
    case 'consolidate':
    case 'powerOn':
      return undefined;
  }
}

function findWarnings(input: PlanInput, target: Snapshot | undefined): Warning[] {
  const { detail, operation } = input;
  const tree = detail.vm.snapshots;
  const found = backupWarnings(input, target);
  switch (operation.kind) {
    case 'restore':
    case 'restoreLatest':
      found.push(...restoreWarnings(input, target));
      break;
    case 'delete':
      if (target !== undefined && target.children.length === 0 && !isOnCurrentPath(tree, target)) {
        found.push({ kind: 'dataOnNoOtherBranch' });
      }
      break;
    case 'deleteAll': {
      const tips = allSnapshots(tree).filter((each) => each.children.length === 0 && !isOnCurrentPath(tree, each));
      if (tips.length > 0) {
        found.push({ kind: 'sideBranchesLost', tips });
      }
      break;
    }
    case 'consolidate':
      if (!detail.vm.needsConsolidation) {
        found.push({ kind: 'consolidationNotNeeded' });
      }
      break;
    case 'take':
    case 'edit':
    case 'deleteWithChildren':
    case 'powerOn':
      break;
  }
  if (detail.managedBy !== undefined) {
    found.push({ kind: 'managedByVCenter', address: detail.managedBy });
  }
  return found;
}

function backupWarnings({ detail, operation, backupPattern }: PlanInput, target: Snapshot | undefined): Warning[] {
  const touched =
    operation.kind === 'deleteAll' || operation.kind === 'deleteWithChildren'
      ? removedBy(detail.vm.snapshots, operation)
      : target === undefined
        ? []
        : [target];
  for (const snapshot of touched) {
    const pattern = backupPattern(snapshot.name);
    if (pattern !== undefined) {
      return [{ kind: 'backupProduct', snapshot, pattern }];
    }
  }
  return [];
}

function restoreWarnings({ detail, operation, nowMs }: PlanInput, target: Snapshot | undefined): Warning[] {
  const found: Warning[] = [];
  const independent = detail.disks.filter((disk) => disk.independent).map((disk) => disk.label);
  if (independent.length > 0) {
    found.push({ kind: 'disksNotRestored', disks: independent });
  }
  if (
    target !== undefined &&
    detail.windowsGuest &&
    nowMs - target.createdAtMs > domainSecretDays * millisecondsPerDay
  ) {
    found.push({ kind: 'domainTrust' });
  }
  const newest = newestSnapshot(detail.vm.snapshots);
  if (operation.kind === 'restoreLatest' && target !== undefined && newest !== undefined && newest.id !== target.id) {
    found.push({ kind: 'newerOnOtherBranch', snapshot: newest });
  }
  return found;
}

function isOnCurrentPath(tree: SnapshotTree, snapshot: Snapshot): boolean {
  return pathTo(tree, tree.currentId).some((each) => each.id === snapshot.id);
}

function forecastSpace({ detail, space }: PlanInput): SpaceForecast[] {
  return space.flatMap(({ datastoreId, bytes }) => {
    const datastore = detail.datastores.find(({ id }) => id === datastoreId);
    return datastore === undefined ? [] : [{ datastore, neededBytes: bytes }];
  });
}
