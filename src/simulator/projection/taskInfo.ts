import { ManagedObjectReference } from '../../vsphere/vim/schema';
import { type TaskInfo, TaskReasonSystem, TaskReasonUser } from '../../vsphere/vim/task';
import { typed } from '../../vsphere/vim/schema';
import { localized } from '../state/faultValues';
import { escapeName } from '../state/names';
import type { TaskState } from '../state/taskState';
import { dateTime, optionalDateTime } from './viewer';

/** `info` of a task. */
export function taskInfo(task: TaskState): TaskInfo {
  return {
    key: task.key,
    task: new ManagedObjectReference('Task', task.key),
    description: task.phase,
    name: task.method,
    descriptionId: task.descriptionId,
    entity: task.entity,
    entityName: task.entityName === undefined ? undefined : escapeName(task.entityName),
    locked: task.locked,
    state: task.state,
    cancelled: task.cancelled,
    cancelable: task.cancelable,
    error: task.error === undefined ? undefined : localized(task.error),
    result: task.result,
    progress: task.progress,
    progressDetails: [],
    reason:
      task.userName === undefined ? typed(TaskReasonSystem, {}) : typed(TaskReasonUser, { userName: task.userName }),
    queueTime: dateTime(task.queuedAtMs),
    startTime: optionalDateTime(task.startedAtMs),
    completeTime: optionalDateTime(task.completedAtMs),
    eventChainId: task.eventChainId,
    activationId: task.activationId,
  };
}
