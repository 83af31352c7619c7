import { backupNameMatcher } from '../../src/hypervisor/health/backupProduct';
import type { VirtualMachine } from '../../src/hypervisor/model/inventory';
import type { Operation } from '../../src/hypervisor/model/operation';
import type { SpaceNeed, VmDetail } from '../../src/hypervisor/model/vmDetail';
import { buildPlan } from '../../src/hypervisor/plan/buildPlan';
import type { Plan } from '../../src/hypervisor/plan/plan';
import { detail, objectId, snapshotId, testNowMs, vm } from './domainBuilders';

/** What a plan is made from, as far as a test cares. */
export interface PlanFacts {
  readonly vm?: Partial<VirtualMachine>;
  readonly detail?: Partial<VmDetail>;
  readonly space?: readonly SpaceNeed[];
  readonly missingPrivileges?: readonly string[];
  readonly isReadOnlyServer?: boolean;
}

type ShortOperation =
  | { readonly kind: 'restore' | 'delete' | 'deleteWithChildren' | 'edit'; readonly snapshotId: string }
  | { readonly kind: 'restoreLatest' | 'deleteAll' | 'consolidate' | 'powerOn' | 'take' };

/** The plan of an operation on the VM SQL01, made as the product makes it. */
export function planFor(operation: ShortOperation, facts: PlanFacts = {}): Plan {
  const machine = vm('vm-1', { name: 'SQL01', ...facts.vm });
  return buildPlan({
    detail: detail({ vm: machine, ...facts.detail }),
    operation: fullOperation(operation),
    missingPrivileges: facts.missingPrivileges ?? [],
    isReadOnlyServer: facts.isReadOnlyServer ?? false,
    space: facts.space ?? [],
    backupPattern: backupNameMatcher(['VEEAM BACKUP']),
    nowMs: testNowMs,
  });
}

function fullOperation(operation: ShortOperation): Operation {
  const vmId = objectId('vm-1');
  switch (operation.kind) {
    case 'restore':
    case 'delete':
    case 'deleteWithChildren':
    case 'edit':
      return { kind: operation.kind, vmId, snapshotId: snapshotId(operation.snapshotId) };
    case 'take':
      return { kind: 'take', vmId, name: 'new', description: '', contents: 'disks' };
    default:
      return { kind: operation.kind, vmId };
  }
}
