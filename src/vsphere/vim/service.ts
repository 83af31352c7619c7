import { Description } from './description';
import {
  anyType,
  dataObject,
  list,
  list1,
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

// ServiceInstance, SessionManager, ViewManager, OptionManager and AuthorizationManager.

export const AboutInfo = dataObject('AboutInfo', {
  name: xsdString,
  fullName: xsdString,
  vendor: xsdString,
  version: xsdString,
  patchLevel: opt(xsdString, '7.0.2.0'),
  build: xsdString,
  localeVersion: opt(xsdString),
  localeBuild: opt(xsdString),
  osType: xsdString,
  productLineId: xsdString,
  apiType: xsdString,
  apiVersion: xsdString,
  instanceUuid: opt(xsdString),
  licenseProductName: opt(xsdString),
  licenseProductVersion: opt(xsdString),
});
export type AboutInfo = TypeOf<typeof AboutInfo>;

/** The managers are optional one by one; an ESXi offers fewer. Those that nobody here asks for are left out. */
export const ServiceContent = dataObject('ServiceContent', {
  rootFolder: reference,
  propertyCollector: reference,
  viewManager: opt(reference),
  about: AboutInfo,
  setting: opt(reference),
  userDirectory: opt(reference),
  sessionManager: opt(reference),
  authorizationManager: opt(reference),
  serviceManager: opt(reference),
  perfManager: opt(reference),
  scheduledTaskManager: opt(reference),
  alarmManager: opt(reference),
  eventManager: opt(reference),
  taskManager: opt(reference),
  extensionManager: opt(reference),
  customizationSpecManager: opt(reference),
  guestCustomizationManager: opt(reference),
  customFieldsManager: opt(reference),
  accountManager: opt(reference),
  diagnosticManager: opt(reference),
  licenseManager: opt(reference),
  searchIndex: opt(reference),
  fileManager: opt(reference),
  datastoreNamespaceManager: opt(reference),
  virtualDiskManager: opt(reference),
  virtualizationManager: opt(reference),
  snmpSystem: opt(reference),
  vmProvisioningChecker: opt(reference),
  vmCompatibilityChecker: opt(reference),
  ovfManager: opt(reference),
  ipPoolManager: opt(reference),
  dvSwitchManager: opt(reference),
});
export type ServiceContent = TypeOf<typeof ServiceContent>;

export const UserSession = dataObject('UserSession', {
  key: xsdString,
  userName: xsdString,
  fullName: xsdString,
  loginTime: xsdDateTime,
  lastActiveTime: xsdDateTime,
  locale: xsdString,
  messageLocale: xsdString,
  extensionSession: opt(xsdBoolean),
  ipAddress: opt(xsdString),
  userAgent: opt(xsdString),
  callCount: opt(xsdInt),
});
export type UserSession = TypeOf<typeof UserSession>;

const Capability = dataObject('Capability', { provisioningSupported: xsdBoolean, multiHostSupported: xsdBoolean });
export const ServiceInstance = managedObject('ServiceInstance', {
  capability: opt(Capability),
  content: ServiceContent,
  serverClock: xsdDateTime,
});

export const SessionManager = managedObject('SessionManager', {
  currentSession: opt(UserSession),
  defaultLocale: xsdString,
  message: opt(xsdString),
  messageLocaleList: list(xsdString),
  sessionList: list(UserSession),
  supportedLocaleList: list(xsdString),
});

export const RetrieveServiceContent = method('RetrieveServiceContent', 'ServiceInstance', {}, ServiceContent);
export const CurrentTime = method('CurrentTime', 'ServiceInstance', {}, xsdDateTime);

export const Login = method(
  'Login',
  'SessionManager',
  { userName: xsdString, password: xsdString, locale: opt(xsdString) },
  UserSession,
);
export const Logout = method('Logout', 'SessionManager', {}, nothing);
export const SessionIsActive = method(
  'SessionIsActive',
  'SessionManager',
  { sessionID: xsdString, userName: xsdString },
  xsdBoolean,
);
export const TerminateSession = method('TerminateSession', 'SessionManager', { sessionId: list1(xsdString) }, nothing);
export const SetLocale = method('SetLocale', 'SessionManager', { locale: xsdString }, nothing);

export const OptionValue = dataObject('OptionValue', { key: xsdString, value: anyType });

export const Permission = dataObject('Permission', {
  entity: opt(reference),
  principal: xsdString,
  group: xsdBoolean,
  roleId: xsdInt,
  propagate: xsdBoolean,
});
export type Permission = TypeOf<typeof Permission>;

/** Base of what a ViewManager makes; all are gone with their session. */
export const View = managedObject('View', {});
export const ManagedObjectView = managedObject('ManagedObjectView', { view: list(reference) }, View);
export const ContainerView = managedObject(
  'ContainerView',
  { container: reference, type: list(xsdString), recursive: xsdBoolean },
  ManagedObjectView,
);
export const ListView = managedObject('ListView', {}, ManagedObjectView);
export const ViewManager = managedObject('ViewManager', { viewList: list(reference) });

export const CreateContainerView = method(
  'CreateContainerView',
  'ViewManager',
  { container: reference, type: list(xsdString), recursive: xsdBoolean },
  reference,
);
export const CreateListView = method('CreateListView', 'ViewManager', { obj: list(reference) }, reference);
export const ModifyListView = method(
  'ModifyListView',
  'ListView',
  { add: list(reference), remove: list(reference) },
  list(reference),
);
export const ResetListView = method('ResetListView', 'ListView', { obj: list(reference) }, list(reference));
export const DestroyView = method('DestroyView', 'View', {}, nothing);

export const OptionManager = managedObject('OptionManager', { setting: list(OptionValue) });
export const QueryOptions = method('QueryOptions', 'OptionManager', { name: opt(xsdString) }, list(OptionValue));
export const UpdateOptions = method('UpdateOptions', 'OptionManager', { changedValue: list1(OptionValue) }, nothing);

export const AuthorizationRole = dataObject('AuthorizationRole', {
  roleId: xsdInt,
  system: xsdBoolean,
  name: xsdString,
  info: Description,
  privilege: list(xsdString),
});
export type AuthorizationRole = TypeOf<typeof AuthorizationRole>;

export const AuthorizationPrivilege = dataObject('AuthorizationPrivilege', {
  privId: xsdString,
  onParent: xsdBoolean,
  name: xsdString,
  privGroupName: xsdString,
});

export const AuthorizationManager = managedObject('AuthorizationManager', {
  privilegeList: list(AuthorizationPrivilege),
  roleList: list(AuthorizationRole),
});

const PrivilegeAvailability = dataObject('PrivilegeAvailability', { privId: xsdString, isGranted: xsdBoolean });
export const EntityPrivilege = dataObject('EntityPrivilege', {
  entity: reference,
  privAvailability: list(PrivilegeAvailability),
});

/** vCenter only. */
export const HasPrivilegeOnEntities = method(
  'HasPrivilegeOnEntities',
  'AuthorizationManager',
  { entity: list(reference), sessionId: xsdString, privId: list(xsdString) },
  list(EntityPrivilege),
);

/** vCenter only. One answer for each of `privId`, in their order. */
export const HasPrivilegeOnEntity = method(
  'HasPrivilegeOnEntity',
  'AuthorizationManager',
  { entity: reference, sessionId: xsdString, privId: list(xsdString) },
  list(xsdBoolean),
);

export const UserPrivilegeResult = dataObject('UserPrivilegeResult', {
  entity: reference,
  privileges: list(xsdString),
});
/** vCenter only. */
export const FetchUserPrivilegeOnEntities = method(
  'FetchUserPrivilegeOnEntities',
  'AuthorizationManager',
  { entities: list1(reference), userName: xsdString },
  list(UserPrivilegeResult),
);
export const RetrieveEntityPermissions = method(
  'RetrieveEntityPermissions',
  'AuthorizationManager',
  { entity: reference, inherited: xsdBoolean },
  list(Permission),
);
export const RetrieveAllPermissions = method('RetrieveAllPermissions', 'AuthorizationManager', {}, list(Permission));
