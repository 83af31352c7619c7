import type { HypervisorConnection } from '../../hypervisor/connection';
import type { ErrorContext } from '../../hypervisor/errors';
import type { OperationKind } from '../../hypervisor/model/operation';
import type { TrackedOperation } from '../../operations/trackedOperation';
import { nameInSentence } from '../text/names';
import { operationAttempt } from '../text/operationNames';
import type { TreeNode } from '../text/treeNode';

/** What a command is about, as far as it is known: names for its failures, and the row that their buttons act on. */
export interface Subject {
  readonly connection?: HypervisorConnection | undefined;
  readonly node?: TreeNode | undefined;
  readonly vmName?: string | undefined;
  readonly snapshotName?: string | undefined;
  readonly attempt?: OperationKind | undefined;
}

/** The subject of a command that was chosen on a row. */
export function subjectOf(node: TreeNode | undefined, attempt?: OperationKind): Subject {
  if (node === undefined) {
    return {};
  }
  const { connection } = node;
  switch (node.kind) {
    case 'vm':
      return { connection, node, attempt, vmName: node.vm.name };
    case 'snapshot':
      return {
        connection,
        node,
        attempt,
        vmName: connection.inventory.vm(node.vmId)?.name,
        snapshotName: node.snapshot.name,
      };
    case 'present':
      return { connection, node, attempt, vmName: connection.inventory.vm(node.vmId)?.name };
    case 'server':
    case 'container':
    case 'notice':
      return { connection, node, attempt };
  }
}

/** The subject of an operation of this window. Its VM may be gone; then there is no row. */
export function operationSubject({ connection, operation, vmName, snapshotName }: TrackedOperation): Subject {
  const vm = connection.inventory.vm(operation.vmId);
  return {
    connection,
    node: vm && { kind: 'vm', connection, vm },
    vmName,
    snapshotName,
    attempt: operation.kind,
  };
}

/** The subject's names for a sentence. */
export function errorContext(subject: Subject): ErrorContext {
  const { connection, vmName, snapshotName, attempt } = subject;
  return {
    ...(connection !== undefined && {
      serverLabel: nameInSentence(connection.label),
      userName: nameInSentence(connection.userName),
    }),
    ...(vmName !== undefined && { vmName: nameInSentence(vmName) }),
    ...(snapshotName !== undefined && { snapshotName: nameInSentence(snapshotName) }),
    ...(attempt !== undefined && { attempt: operationAttempt(attempt) }),
  };
}
