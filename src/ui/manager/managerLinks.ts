import * as vscode from 'vscode';
import type { HypervisorConnection } from '../../hypervisor/connection';
import { HypervisorError } from '../../hypervisor/errors';
import type { CommandBoundary } from '../feedback/commandBoundary';
import { subjectOf } from '../feedback/subject';
import { linkedServer, linkedVms, type ManagerLink, parseManagerLink } from '../text/manager/managerLink';
import { nameInSentence } from '../text/names';
import type { VmNode } from '../text/treeNode';
import type { ServerDirectory } from '../tree/serverDirectory';

export interface ManagerLinkServices {
  readonly directory: ServerDirectory;
  readonly boundary: CommandBoundary;
  /** Connects a server, asking the person. Resolves when that has ended, well or not. */
  readonly connect: (connection: HypervisorConnection) => Promise<void>;
  readonly open: (vm: VmNode) => void;
}

/**
 * Links from elsewhere, such as a ticket, to the panel of a VM: `vscode://PUBLISHER.NAME/manage?server=…&vm=…`.
 *
 * @remarks A link opens a panel and does nothing else, whatever it says. The editor asks before it hands one over.
 */
export class ManagerLinks {
  constructor(private readonly services: ManagerLinkServices) {}

  /** Opens what a link is about, or tells the person why it cannot be opened. */
  async open(uri: vscode.Uri): Promise<void> {
    const { boundary, directory, connect, open } = this.services;
    await boundary.run('open link', async (act) => {
      const link = parseManagerLink(uri.path, uri.query);
      if (link === undefined) {
        throw new HypervisorError('invalidInput', 'a link of another form', () =>
          vscode.l10n.t("This link can't be opened. It has to name a server and a VM."),
        );
      }
      const connection = linkedServer(link, directory.all(), ({ id }) => directory.facts(id));
      if (connection === undefined) {
        throw new HypervisorError('gone', 'a link to a server that is not in the list', () =>
          vscode.l10n.t("The server '{0}' of this link isn't in the list.", nameInSentence(link.server)),
        );
      }
      act.about(subjectOf({ kind: 'server', connection }));
      if (connection.state.kind !== 'live') {
        await connect(connection);
        await whenRead(connection);
      }
      open({ kind: 'vm', connection, vm: this.vmOf(link, connection) });
    });
  }

  private vmOf(link: ManagerLink, { inventory, label }: HypervisorConnection): VmNode['vm'] {
    const [vm, ...others] = linkedVms(link, inventory.allVms());
    if (vm === undefined) {
      throw new HypervisorError('gone', 'a link to a VM that does not exist', () =>
        vscode.l10n.t("'{0}' has no VM '{1}' that you may see.", nameInSentence(label), nameInSentence(link.vm)),
      );
    }
    if (others.length > 0) {
      throw new HypervisorError('invalidInput', 'a link to one of several VMs', () =>
        vscode.l10n.t(
          "{0} VMs on '{1}' are named '{2}'. A link to one of them has to name its object ID.",
          others.length + 1,
          nameInSentence(label),
          nameInSentence(link.vm),
        ),
      );
    }
    return vm;
  }
}

/** Resolves when the inventory has been read, or when that is not to be expected any more. */
function whenRead(connection: HypervisorConnection): Promise<void> {
  return new Promise((resolve) => {
    const subscription = connection.onDidChangeState(check);
    function check(): void {
      if (connection.state.kind !== 'loading' && connection.state.kind !== 'connecting') {
        subscription.dispose();
        resolve();
      }
    }
    check();
  });
}
