import { ElementDescription } from './description';
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
import { TaskInfo, TaskInfoState } from './task';

// What was: collectors over the server's tasks and events. A standalone ESXi keeps no history of tasks.

const RecursionOption = enumeration('TaskFilterSpecRecursionOption', 'self', 'children', 'all');
const TimeOption = enumeration('TaskFilterSpecTimeOption', 'queuedTime', 'startedTime', 'completedTime');
const TaskFilterSpecByEntity = dataObject('TaskFilterSpecByEntity', { entity: reference, recursion: RecursionOption });
const TaskFilterSpecByTime = dataObject('TaskFilterSpecByTime', {
  timeType: TimeOption,
  beginTime: opt(xsdDateTime),
  endTime: opt(xsdDateTime),
});
const TaskFilterSpecByUsername = dataObject('TaskFilterSpecByUsername', {
  systemUser: xsdBoolean,
  userList: list(xsdString),
});
/** What is left out does not restrict. */
export const TaskFilterSpec = dataObject('TaskFilterSpec', {
  entity: opt(TaskFilterSpecByEntity),
  time: opt(TaskFilterSpecByTime),
  userName: opt(TaskFilterSpecByUsername),
  activationId: list(xsdString),
  state: list(TaskInfoState),
  alarm: opt(reference),
  scheduledTask: opt(reference),
  eventChainId: list(xsdInt),
  tag: list(xsdString),
  parentTaskKey: list(xsdString),
  rootTaskKey: list(xsdString),
});
export type TaskFilterSpec = TypeOf<typeof TaskFilterSpec>;

export const HistoryCollector = managedObject('HistoryCollector', { filter: opt(anyType) });
export const TaskHistoryCollector = managedObject(
  'TaskHistoryCollector',
  { latestPage: list(TaskInfo) },
  HistoryCollector,
);

export const CreateCollectorForTasks = method(
  'CreateCollectorForTasks',
  'TaskManager',
  { filter: TaskFilterSpec },
  reference,
);
const onTasks = 'TaskHistoryCollector';
/** Towards the present, oldest first, after {@link RewindCollector} from the very first. */
export const ReadNextTasks = method('ReadNextTasks', onTasks, { maxCount: xsdInt }, list(TaskInfo));
export const ReadPreviousTasks = method('ReadPreviousTasks', onTasks, { maxCount: xsdInt }, list(TaskInfo));

const on = 'HistoryCollector';
/** To just behind the latest page. */
export const ResetCollector = method('ResetCollector', on, {}, nothing);
/** To before the oldest item. */
export const RewindCollector = method('RewindCollector', on, {}, nothing);
export const SetCollectorPageSize = method('SetCollectorPageSize', on, { maxCount: xsdInt }, nothing);
export const DestroyCollector = method('DestroyCollector', on, {}, nothing);

const EntityEventArgument = dataObject('EntityEventArgument', { name: xsdString }, dataObject('EventArgument', {}));
const DatacenterEventArgument = dataObject('DatacenterEventArgument', { datacenter: reference }, EntityEventArgument);
const ComputeResourceEventArgument = dataObject(
  'ComputeResourceEventArgument',
  { computeResource: reference },
  EntityEventArgument,
);
const HostEventArgument = dataObject('HostEventArgument', { host: reference }, EntityEventArgument);
const VmEventArgument = dataObject('VmEventArgument', { vm: reference }, EntityEventArgument);

export const Event = dataObject('Event', {
  key: xsdInt,
  chainId: xsdInt,
  createdTime: xsdDateTime,
  userName: xsdString,
  datacenter: opt(DatacenterEventArgument),
  computeResource: opt(ComputeResourceEventArgument),
  host: opt(HostEventArgument),
  vm: opt(VmEventArgument),
  fullFormattedMessage: opt(xsdString),
  changeTag: opt(xsdString),
});
export type Event = TypeOf<typeof Event>;
export const TaskEvent = dataObject('TaskEvent', { info: TaskInfo }, Event);

const EventFilterSpecByEntity = dataObject('EventFilterSpecByEntity', {
  entity: reference,
  recursion: enumeration('EventFilterSpecRecursionOption', 'self', 'children', 'all'),
});
const EventFilterSpecByTime = dataObject('EventFilterSpecByTime', {
  beginTime: opt(xsdDateTime),
  endTime: opt(xsdDateTime),
});
const EventFilterSpecByUsername = dataObject('EventFilterSpecByUsername', {
  systemUser: xsdBoolean,
  userList: list(xsdString),
});
export const EventFilterSpec = dataObject('EventFilterSpec', {
  entity: opt(EventFilterSpecByEntity),
  time: opt(EventFilterSpecByTime),
  userName: opt(EventFilterSpecByUsername),
  eventChainId: opt(xsdInt),
  alarm: opt(reference),
  scheduledTask: opt(reference),
  disableFullMessage: opt(xsdBoolean),
  category: list(xsdString),
  type: list(xsdString),
  tag: list(xsdString),
  eventTypeId: list(xsdString),
  maxCount: opt(xsdInt),
});
export type EventFilterSpec = TypeOf<typeof EventFilterSpec>;

const EventDescriptionEventDetail = dataObject('EventDescriptionEventDetail', {
  key: xsdString,
  description: opt(xsdString),
  category: xsdString,
  formatOnDatacenter: xsdString,
  formatOnComputeResource: xsdString,
  formatOnHost: xsdString,
  formatOnVm: xsdString,
  fullFormat: xsdString,
});
const EventDescription = dataObject('EventDescription', {
  category: list(ElementDescription),
  eventInfo: list(EventDescriptionEventDetail),
});

export const EventManager = managedObject('EventManager', {
  description: opt(EventDescription),
  latestEvent: opt(Event),
  maxCollector: xsdInt,
});
export const EventHistoryCollector = managedObject(
  'EventHistoryCollector',
  { latestPage: list(Event) },
  HistoryCollector,
);
export const QueryEvents = method('QueryEvents', 'EventManager', { filter: EventFilterSpec }, list(Event));
export const CreateCollectorForEvents = method(
  'CreateCollectorForEvents',
  'EventManager',
  { filter: EventFilterSpec },
  reference,
);
const onEvents = 'EventHistoryCollector';
export const ReadNextEvents = method('ReadNextEvents', onEvents, { maxCount: xsdInt }, list(Event));
export const ReadPreviousEvents = method('ReadPreviousEvents', onEvents, { maxCount: xsdInt }, list(Event));
