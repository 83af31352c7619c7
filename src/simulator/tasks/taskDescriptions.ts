/** What the server calls the methods that run as tasks, by the id that their TaskInfo carries. */
export const descriptionIds: Readonly<Record<string, string>> = {
  AnswerVM: 'VirtualMachine.answer',
  ConsolidateVMDisks_Task: 'VirtualMachine.consolidateDisks',
  CreateSnapshot_Task: 'VirtualMachine.createSnapshot',
  CreateSnapshotEx_Task: 'VirtualMachine.createSnapshotEx',
  Destroy_Task: 'VirtualMachine.destroy',
  EstimateStorageForConsolidateSnapshots_Task: 'VirtualMachine.estimateStorageRequirementForConsolidate',
  MoveIntoFolder_Task: 'Folder.moveInto',
  PowerOffVM_Task: 'VirtualMachine.powerOff',
  PowerOnVM_Task: 'VirtualMachine.powerOn',
  ReconfigVM_Task: 'VirtualMachine.reconfigure',
  RemoveAllSnapshots_Task: 'VirtualMachine.removeAllSnapshots',
  RemoveSnapshot_Task: 'vm.Snapshot.remove',
  Rename_Task: 'ManagedEntity.rename',
  RenameSnapshot: 'vm.Snapshot.rename',
  ResetVM_Task: 'VirtualMachine.reset',
  RevertToCurrentSnapshot_Task: 'VirtualMachine.revertToCurrentSnapshot',
  RevertToSnapshot_Task: 'vm.Snapshot.revert',
  SuspendVM_Task: 'VirtualMachine.suspend',
};

const labels: Readonly<Record<string, string>> = {
  'VirtualMachine.consolidateDisks': 'Consolidate virtual machine disk files',
  'VirtualMachine.createSnapshot': 'Create virtual machine snapshot',
  'VirtualMachine.createSnapshotEx': 'Create virtual machine snapshot',
  'VirtualMachine.destroy': 'Delete virtual machine',
  'VirtualMachine.estimateStorageRequirementForConsolidate': 'Estimate space required to consolidate',
  'VirtualMachine.powerOff': 'Power Off virtual machine',
  'VirtualMachine.powerOn': 'Power On virtual machine',
  'VirtualMachine.reconfigure': 'Reconfigure virtual machine',
  'VirtualMachine.removeAllSnapshots': 'Remove all snapshots',
  'VirtualMachine.reset': 'Reset virtual machine',
  'VirtualMachine.revertToCurrentSnapshot': 'Revert to current snapshot',
  'VirtualMachine.suspend': 'Suspend virtual machine',
  'vm.Snapshot.remove': 'Remove snapshot',
  'vm.Snapshot.rename': 'Rename snapshot',
  'vm.Snapshot.revert': 'Revert snapshot',
  'ManagedEntity.rename': 'Rename entity',
  'Folder.moveInto': 'Move entities',
};

/** `TaskManager.description.methodInfo`, of the methods served here. */
export const taskDescriptions = Object.entries(labels).map(([key, label]) => ({ key, label, summary: label }));

export function taskLabel(descriptionId: string): string {
  return labels[descriptionId] ?? descriptionId;
}
