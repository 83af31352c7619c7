import { TaskDescription } from '../../vsphere/vim/task';
import { OptionValue } from '../../vsphere/vim/service';
import { typed } from '../../vsphere/vim/schema';
import { allPrivileges } from '../access/privileges';
import { taskDescriptions } from '../tasks/taskDescriptions';
import type { PropertyTable } from './propertyTable';
import { taskInfo } from './taskInfo';
import { dateTime, type Viewer } from './viewer';

// Properties of the services, and of what a session makes for itself.

const locales = ['en_US', 'de', 'es', 'fr', 'it', 'ja', 'ko', 'zh_CN', 'zh_TW'];

export const sessionTimeoutOption = 'config.vmacore.soap.sessionTimeout';

export const serviceInstanceProperties: PropertyTable<'ServiceInstance'> = {
  capability: (_, viewer) => ({
    provisioningSupported: !viewer.service.isEsx,
    multiHostSupported: !viewer.service.isEsx,
  }),
  content: (_, viewer) => viewer.service.content,
  serverClock: (_, viewer) => dateTime(viewer.nowMs),
};

export const sessionManagerProperties: PropertyTable<'SessionManager'> = {
  currentSession: (_, viewer) => viewer.session,
  defaultLocale: () => 'en_US',
  message: () => '',
  messageLocaleList: () => locales,
  sessionList: (_, viewer) => viewer.service.sessions(),
  supportedLocaleList: () => locales,
};

export const authorizationManagerProperties: PropertyTable<'AuthorizationManager'> = {
  privilegeList: () =>
    allPrivileges.map(({ id, name, group }) => ({ privId: id, onParent: false, name, privGroupName: group })),
  roleList: (_, viewer) =>
    viewer.service.accessControl.roles.map(({ id, name, label, summary, privileges }) => ({
      roleId: id,
      system: id < 0,
      name,
      info: { label, summary },
      privilege: [...privileges],
    })),
};

export const taskManagerProperties: PropertyTable<'TaskManager'> = {
  description: () =>
    typed(TaskDescription, {
      methodInfo: taskDescriptions,
      state: ['queued', 'running', 'success', 'error'].map((key) => ({ key, label: key, summary: key })),
      reason: [],
    }),
  maxCollector: () => 32,
  recentTask: (_, viewer: Viewer) => viewer.service.recentTasks(undefined),
};

export const eventManagerProperties: PropertyTable<'EventManager'> = {
  description: () => ({
    category: ['info', 'warning', 'error', 'user'].map((key) => ({ key, label: key, summary: key })),
    eventInfo: [
      {
        key: 'TaskEvent',
        description: 'Task event',
        category: 'info',
        formatOnDatacenter: 'Task: {info.descriptionId}',
        formatOnComputeResource: 'Task: {info.descriptionId}',
        formatOnHost: 'Task: {info.descriptionId}',
        formatOnVm: 'Task: {info.descriptionId}',
        fullFormat: 'Task: {info.descriptionId}',
      },
    ],
  }),
  latestEvent: (_, viewer) => viewer.service.latestEvent(),
  maxCollector: () => 1_000,
};

export const optionManagerProperties: PropertyTable<'OptionManager'> = {
  setting: (_, viewer) => [
    typed(OptionValue, { key: sessionTimeoutOption, value: viewer.service.sessionTimeoutSeconds() }),
  ],
};

export const taskProperties: PropertyTable<'Task'> = {
  info: ({ state }) => taskInfo(state),
};

export const containerViewProperties: PropertyTable<'ContainerView'> = {
  container: ({ state }) => state.container,
  recursive: ({ state }) => state.recursive,
  type: ({ state }) => state.types,
  view: ({ state }) => state.view,
};

export const listViewProperties: PropertyTable<'ListView'> = {
  view: ({ state }) => state.view,
};

export const propertyCollectorProperties: PropertyTable<'PropertyCollector'> = {
  filter: ({ state }) => state.filters,
};

export const propertyFilterProperties: PropertyTable<'PropertyFilter'> = {
  partialUpdates: ({ state }) => state.partialUpdates,
  spec: ({ state }) => state.spec,
};
