import { clipEnd, clipMiddle, oneLine } from '../../common/text';
import type { HypervisorError } from '../../hypervisor/errors';
import type { ServerTask, TaskState } from '../../hypervisor/model/task';
import { parseDateTime } from '../dateTime';
import { reportOfLocalizedFault } from '../faults/faultError';
import { translateFault } from '../faults/translateFault';
import { objectIdOf, snapshotIdOf, taskIdOf } from '../ids';
import { decodeName } from '../names';
import { ManagedObjectReference } from '../vim/schema';
import type { TaskInfo } from '../vim/task';
import { taskKind } from './taskKinds';

/** A task of the server in the words of the domain. */
export function toServerTask(info: TaskInfo): ServerTask {
  const { operation, label, isEstimate } = taskKind(info.descriptionId);
  const { entity } = info;
  const vm = entity?.type === 'VirtualMachine' ? entity : undefined;
  const error = toError(info);
  return {
    id: taskIdOf(info.task),
    operation,
    ...(isEstimate && { isEstimate }),
    label,
    vmId: vm === undefined ? undefined : objectIdOf(vm),
    vmName: vm === undefined ? undefined : nameOf(vm, info.entityName),
    state: toState(info, error),
    progressPercent: info.progress === undefined ? undefined : Math.min(100, Math.max(0, info.progress)),
    phase: phaseOf(info),
    cancelable: info.cancelable,
    startedBy: startedBy(info),
    queuedAtMs: parseDateTime(info.queueTime) ?? 0,
    startedAtMs: parseDateTime(info.startTime),
    completedAtMs: parseDateTime(info.completeTime),
    error,
    snapshotId: resultSnapshot(info),
  };
}

function toState({ state, cancelled }: TaskInfo, error: HypervisorError | undefined): TaskState {
  switch (state) {
    case 'success':
      return 'succeeded';
    case 'error':
      // `cancelled` is only a wish; a task that came to its end all the same is not cancelled.
      return error?.kind === 'cancelledOnServer' || (cancelled && error === undefined) ? 'cancelled' : 'failed';
    case 'queued':
      return 'queued';
    default:
      return 'running';
  }
}

function toError(info: TaskInfo): HypervisorError | undefined {
  if (info.state !== 'error') {
    return undefined;
  }
  const during = `task ${info.task.key} (${info.descriptionId})`;
  return info.error === undefined
    ? info.cancelled
      ? undefined
      : translateFault({ type: 'MethodFault', declaredType: undefined, fault: undefined, message: '' }, during)
    : translateFault(reportOfLocalizedFault(info.error), during);
}

/** vcsim gives the id in place of a name. */
function nameOf(vm: ManagedObjectReference, entityName: string | undefined): string | undefined {
  return entityName === undefined || entityName === vm.value ? undefined : decodeName(entityName);
}

function phaseOf({ description }: TaskInfo): string | undefined {
  const text = oneLine(description?.message ?? '');
  return text === '' ? undefined : clipEnd(text, 120);
}

/** The account; unset for what the server, an alarm or a schedule has started. */
function startedBy({ reason }: TaskInfo): string | undefined {
  const { userName } = reason as { readonly userName?: string };
  const user = oneLine(reason.$type === 'TaskReasonUser' ? (userName ?? '') : '');
  return user === '' ? undefined : clipMiddle(user, 60);
}

function resultSnapshot({ result }: TaskInfo): ServerTask['snapshotId'] {
  return result instanceof ManagedObjectReference && result.type === 'VirtualMachineSnapshot'
    ? snapshotIdOf(result)
    : undefined;
}

/** Whether two states of one task look the same to everybody. */
export function sameTask(a: ServerTask, b: ServerTask): boolean {
  return (
    a.state === b.state &&
    a.progressPercent === b.progressPercent &&
    a.phase === b.phase &&
    a.cancelable === b.cancelable &&
    a.startedAtMs === b.startedAtMs &&
    a.completedAtMs === b.completedAtMs &&
    a.error?.kind === b.error?.kind
  );
}
