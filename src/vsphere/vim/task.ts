import { ElementDescription } from './description';
import { KeyAnyValue, LocalizableMessage, LocalizedMethodFault } from './fault';
import {
  anyType,
  dataObject,
  enumeration,
  list,
  managedObject,
  method,
  nothing,
  opt,
  reference,
  type TypeOf,
  xsdBoolean,
  xsdDateTime,
  xsdInt,
  xsdString,
} from './schema';

// Task, TaskInfo and TaskManager.

export const TaskReason = dataObject('TaskReason', {});
export const TaskReasonUser = dataObject('TaskReasonUser', { userName: xsdString }, TaskReason);
export const TaskReasonSystem = dataObject('TaskReasonSystem', {}, TaskReason);
export const TaskReasonSchedule = dataObject(
  'TaskReasonSchedule',
  { name: xsdString, scheduledTask: reference },
  TaskReason,
);
export const TaskReasonAlarm = dataObject(
  'TaskReasonAlarm',
  { alarmName: xsdString, alarm: reference, entityName: xsdString, entity: reference },
  TaskReason,
);

export const TaskInfoState = enumeration('TaskInfoState', 'queued', 'running', 'success', 'error');

export const TaskInfo = dataObject('TaskInfo', {
  key: xsdString,
  task: reference,
  description: opt(LocalizableMessage),
  name: opt(xsdString),
  descriptionId: xsdString,
  entity: opt(reference),
  entityName: opt(xsdString),
  locked: list(reference),
  state: TaskInfoState,
  cancelled: xsdBoolean,
  cancelable: xsdBoolean,
  error: opt(LocalizedMethodFault),
  result: opt(anyType),
  /** Percent; unset while none is reported. */
  progress: opt(xsdInt),
  progressDetails: list(KeyAnyValue, '8.0.1.0'),
  reason: TaskReason,
  queueTime: xsdDateTime,
  startTime: opt(xsdDateTime),
  completeTime: opt(xsdDateTime),
  eventChainId: xsdInt,
  changeTag: opt(xsdString),
  parentTaskKey: opt(xsdString),
  rootTaskKey: opt(xsdString),
  activationId: opt(xsdString),
});
export type TaskInfo = TypeOf<typeof TaskInfo>;

export const Task = managedObject('Task', { info: TaskInfo });
/** Labels of the server's tasks; thousands on a real server. */
export const TaskDescription = dataObject('TaskDescription', {
  methodInfo: list(ElementDescription),
  state: list(ElementDescription),
  reason: list(ElementDescription),
});

export const TaskManager = managedObject('TaskManager', {
  description: opt(TaskDescription),
  recentTask: list(reference),
  maxCollector: xsdInt,
});

/** Asynchronous; NotSupported when the task is not cancelable. */
export const CancelTask = method('CancelTask', 'Task', {}, nothing);
