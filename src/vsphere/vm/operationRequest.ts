import * as l10n from '@vscode/l10n';
import type { ObjectId, SnapshotId } from '../../hypervisor/model/ids';
import type { Operation } from '../../hypervisor/model/operation';
import { isAtLeast } from '../apiVersion';
import { referenceOf } from '../ids';
import { invalidInput } from '../inputErrors';
import { encodeNewSnapshotName } from '../names';
import type { Caller, CallOptions } from '../soapClient';
import { PowerOnVM_Task } from '../vim/power';
import { type ManagedObjectReference, type MethodType, typed } from '../vim/schema';
import {
  ConsolidateVMDisks_Task,
  CreateSnapshot_Task,
  CreateSnapshotEx_Task,
  RemoveAllSnapshots_Task,
  RemoveSnapshot_Task,
  RenameSnapshot,
  RevertToCurrentSnapshot_Task,
  RevertToSnapshot_Task,
  VirtualMachineGuestQuiesceSpec,
} from '../vim/snapshot';

/** A call that is ready to be sent. Answers with a task, or with nothing when the server does it at once. */
export interface OperationRequest {
  readonly method: MethodType;
  send(caller: Caller, options: CallOptions): Promise<ManagedObjectReference | undefined>;
}

type Take = Extract<Operation, { readonly kind: 'take' }>;
type Edit = Extract<Operation, { readonly kind: 'edit' }>;

// What the API accepts.
const minQuiesceMinutes = 5;
const maxQuiesceMinutes = 240;

/**
 * The call for an operation, always on managed objects and never on names, which repeat.
 *
 * @param apiVersion - the version that is announced to the server
 * @throws HypervisorError of kind `invalidInput` for what no server would accept
 */
export function requestFor(operation: Operation, apiVersion: string): OperationRequest {
  switch (operation.kind) {
    case 'take':
      return isAtLeast(apiVersion, '6.5') ? takeEx(operation) : takePlain(operation);
    case 'edit':
      return edit(operation);
    case 'restore':
      return request(RevertToSnapshot_Task, operation.snapshotId, {});
    case 'restoreLatest':
      return request(RevertToCurrentSnapshot_Task, operation.vmId, {});
    case 'delete':
      return request(RemoveSnapshot_Task, operation.snapshotId, { removeChildren: false });
    case 'deleteWithChildren':
      return request(RemoveSnapshot_Task, operation.snapshotId, { removeChildren: true });
    case 'deleteAll':
      return request(RemoveAllSnapshots_Task, operation.vmId, {});
    case 'consolidate':
      return request(ConsolidateVMDisks_Task, operation.vmId, {});
    case 'powerOn':
      return request(PowerOnVM_Task, operation.vmId, {});
  }
}

/** Taking a snapshot as servers before 6.5 know it; there quiescing has no time-out of its own. */
export function takePlain(operation: Take): OperationRequest {
  return request(CreateSnapshot_Task, operation.vmId, {
    ...namedSnapshot(operation),
    memory: operation.contents === 'memory',
    quiesce: operation.contents === 'quiesced',
  });
}

/** Since 6.5: quiesces when it is told how. */
function takeEx(operation: Take): OperationRequest {
  const { contents, quiesceTimeoutMinutes: timeout } = operation;
  return request(CreateSnapshotEx_Task, operation.vmId, {
    ...namedSnapshot(operation),
    memory: contents === 'memory',
    ...(contents === 'quiesced' && {
      quiesceSpec: typed(VirtualMachineGuestQuiesceSpec, timeout === undefined ? {} : { timeout }),
    }),
  });
}

function namedSnapshot({ name, description, quiesceTimeoutMinutes }: Take): {
  readonly name: string;
  readonly description?: string;
} {
  assertName(name);
  if (
    quiesceTimeoutMinutes !== undefined &&
    !(
      Number.isInteger(quiesceTimeoutMinutes) &&
      quiesceTimeoutMinutes >= minQuiesceMinutes &&
      quiesceTimeoutMinutes <= maxQuiesceMinutes
    )
  ) {
    throw invalidInput('the time-out for quiescing is out of range', () =>
      l10n.t('Quiescing may take from {0} to {1} minutes.', minQuiesceMinutes, maxQuiesceMinutes),
    );
  }
  return { name: encodeNewSnapshotName(name), ...(description !== '' && { description }) };
}

/** What is left out stays as it is; an empty description clears it. */
function edit({ snapshotId, name, description }: Edit): OperationRequest {
  if (name === undefined && description === undefined) {
    throw invalidInput('an edit that changes nothing', () => l10n.t('Nothing was changed.'));
  }
  if (name !== undefined) {
    assertName(name);
  }
  return request(RenameSnapshot, snapshotId, {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
  });
}

function assertName(name: string): void {
  if (name.trim() === '') {
    throw invalidInput('a snapshot without a name', () => l10n.t('Enter a name.'));
  }
}

function request<P extends object, R extends ManagedObjectReference | undefined>(
  method: MethodType<P, R>,
  on: ObjectId | SnapshotId,
  args: P,
): OperationRequest {
  return { method, send: (caller, options) => caller.call(method, referenceOf(on), args, options) };
}
