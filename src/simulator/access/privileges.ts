// Privileges by group, as far as anything here asks for them or a role is likely to hold them.
const groups: Readonly<Record<string, readonly string[]>> = {
  System: ['Anonymous', 'View', 'Read'],
  Global: ['CancelTask', 'DisableMethods', 'EnableMethods', 'LogEvent', 'Settings', 'SystemTag'],
  Folder: ['Create', 'Delete', 'Move', 'Rename'],
  Datacenter: ['Create', 'Delete', 'Move', 'Rename'],
  Datastore: ['AllocateSpace', 'Browse', 'Config', 'Delete', 'FileManagement', 'Move', 'Rename'],
  Network: ['Assign', 'Config', 'Delete', 'Move'],
  Resource: ['AssignVMToPool', 'ColdMigrate', 'CreatePool', 'DeletePool', 'EditPool', 'HotMigrate', 'RenamePool'],
  Sessions: ['GlobalMessage', 'ImpersonateUser', 'TerminateSession', 'ValidateSession'],
  Authorization: ['ModifyPermissions', 'ModifyRoles', 'ReassignRolePermissions'],
  Task: ['Create', 'Update'],
  'VirtualMachine.Config': [
    'AddExistingDisk',
    'AddNewDisk',
    'AddRemoveDevice',
    'AdvancedConfig',
    'Annotation',
    'CPUCount',
    'ChangeTracking',
    'DiskExtend',
    'EditDevice',
    'Memory',
    'RawDevice',
    'RemoveDisk',
    'Rename',
    'Resource',
    'Settings',
  ],
  'VirtualMachine.Interact': [
    'AnswerQuestion',
    'ConsoleInteract',
    'DeviceConnection',
    'PowerOff',
    'PowerOn',
    'Reset',
    'Suspend',
    'ToolsInstall',
  ],
  'VirtualMachine.Inventory': ['Create', 'CreateFromExisting', 'Delete', 'Move', 'Register', 'Unregister'],
  'VirtualMachine.Provisioning': ['Clone', 'DeployTemplate', 'DiskRandomRead', 'MarkAsTemplate', 'MarkAsVM'],
  'VirtualMachine.State': ['CreateSnapshot', 'RemoveSnapshot', 'RenameSnapshot', 'RevertToSnapshot'],
  VApp: ['ApplicationConfig', 'AssignVM', 'Delete', 'Export', 'Move', 'PowerOff', 'PowerOn', 'Rename', 'Unregister'],
};

export interface Privilege {
  readonly id: string;
  readonly name: string;
  readonly group: string;
}

export const allPrivileges: readonly Privilege[] = Object.entries(groups).flatMap(([group, names]) =>
  names.map((name) => ({ id: `${group}.${name}`, name, group })),
);

export const anonymous = 'System.Anonymous';
export const view = 'System.View';
export const read = 'System.Read';
