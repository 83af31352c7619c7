import * as vscode from 'vscode';
import type { Clock } from '../../common/clock';
import type { Snapshot } from '../../hypervisor/model/snapshot';
import type { Formats } from '../text/formats';
import { nameInSentence } from '../text/names';
import { snapshotChoices } from '../text/snapshotChoices';
import type { SnapshotNode, VmNode } from '../text/treeNode';
import { pickOne } from './pickOne';
import { plain } from '../text/plain';

export interface SnapshotQuestion {
  readonly title: string;
  readonly placeholder?: string;
  /** Snapshots that cannot be meant are left out. */
  readonly accepts?: (snapshot: Snapshot) => boolean;
}

/** Has a snapshot of a VM picked. */
export class SnapshotPicker {
  constructor(
    private readonly formats: Formats,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns undefined when there is none to pick
   * @throws CancelledError when the person gives up.
   */
  async pick({ connection, vm }: VmNode, question: SnapshotQuestion): Promise<SnapshotNode | undefined> {
    const { title, placeholder, accepts = () => true } = question;
    const choices = snapshotChoices(vm.snapshots, this.formats, this.clock.now()).filter(({ snapshot }) =>
      accepts(snapshot),
    );
    if (choices.length === 0) {
      return undefined;
    }
    const { value } = await pickOne({
      title,
      placeholder: placeholder ?? vscode.l10n.t("Snapshot of '{0}'", nameInSentence(vm.name)),
      choices: () =>
        choices.map(({ snapshot, label, description }) => ({
          id: snapshot.id,
          label: plain(label),
          description: plain(description),
          value: snapshot,
        })),
    });
    return value && { kind: 'snapshot', connection, vmId: vm.id, snapshot: value };
  }
}
