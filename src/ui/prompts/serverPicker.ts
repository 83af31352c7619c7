import * as vscode from 'vscode';
import { oneLine } from '../../common/text';
import type { HypervisorConnection } from '../../hypervisor/connection';
import type { Messages } from '../feedback/messages';
import type { TreeNode } from '../text/treeNode';
import { nameInRow } from '../text/names';
import type { ServerDirectory } from '../tree/serverDirectory';
import { pickOne } from './pickOne';
import { plain } from '../text/plain';

export interface ServerQuestion {
  readonly title: string;
  /** Servers that cannot be meant are left out. */
  readonly accepts?: (connection: HypervisorConnection) => boolean;
  /** What to say when no server is left. */
  readonly none: string;
}

/** Has one of the servers picked that the person added. */
export class ServerPicker {
  constructor(
    private readonly directory: ServerDirectory,
    private readonly selection: () => readonly TreeNode[],
    private readonly messages: Pick<Messages, 'show'>,
  ) {}

  /**
   * @returns undefined when there is none to pick; the person has been told then
   * @throws CancelledError when the person gives up.
   */
  async pick({ title, accepts = () => true, none }: ServerQuestion): Promise<HypervisorConnection | undefined> {
    const connections = this.directory.all().filter(accepts);
    if (connections.length === 0) {
      this.messages.show('information', none);
      return undefined;
    }
    const { value } = await pickOne({
      title,
      placeholder: vscode.l10n.t('vCenter or ESXi server'),
      initialId: this.selection()[0]?.connection.id,
      choices: () =>
        connections.map((connection) => ({
          id: connection.id,
          label: plain(nameInRow(connection.label)),
          description: plain(
            [this.directory.facts(connection.id)?.address ?? '', oneLine(connection.userName)]
              .filter((part) => part !== '')
              .join(' · '),
          ),
          value: connection,
        })),
    });
    return value;
  }
}
