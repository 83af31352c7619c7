import * as l10n from '@vscode/l10n';
import { clipEnd, oneLine } from '../../common/text';

/**
 * A privilege in the words of the vSphere Client, where an administrator has to look for it; its id where it is not one
 * that this product needs.
 *
 * @see "Defined Privileges" in the vSphere security guide
 */
export function privilegeLabel(id: string): string {
  switch (id) {
    case 'VirtualMachine.State.CreateSnapshot':
      return l10n.t('Virtual machine > Snapshot management > Create snapshot');
    case 'VirtualMachine.State.RenameSnapshot':
      return l10n.t('Virtual machine > Snapshot management > Rename snapshot');
    case 'VirtualMachine.State.RevertToSnapshot':
      return l10n.t('Virtual machine > Snapshot management > Revert to snapshot');
    case 'VirtualMachine.State.RemoveSnapshot':
      return l10n.t('Virtual machine > Snapshot management > Remove snapshot');
    case 'VirtualMachine.Interact.PowerOn':
      return l10n.t('Virtual machine > Interaction > Power on');
    case 'VirtualMachine.Interact.PowerOff':
      return l10n.t('Virtual machine > Interaction > Power off');
    case 'VirtualMachine.Interact.AnswerQuestion':
      return l10n.t('Virtual machine > Interaction > Answer question');
    case 'Datastore.AllocateSpace':
      return l10n.t('Datastore > Allocate space');
    case 'Resource.AssignVMToPool':
      return l10n.t('Resource > Assign virtual machine to resource pool');
    case 'Global.CancelTask':
      return l10n.t('Global > Cancel task');
    case 'Global.DisableMethods':
      return l10n.t('Global > Disable methods');
    case 'Sessions.ValidateSession':
      return l10n.t('Sessions > Validate session');
    case 'System.Anonymous':
      return l10n.t('System > Anonymous');
    case 'System.Read':
      return l10n.t('System > Read');
    case 'System.View':
      return l10n.t('System > View');
    default:
      return clipEnd(oneLine(id, '?'), 80);
  }
}
