import * as vscode from 'vscode';
import type { HypervisorConnection } from '../../hypervisor/connection';
import { HypervisorError } from '../../hypervisor/errors';
import type { OperationKind } from '../../hypervisor/model/operation';
import { requireWritable } from '../../operations/policy';
import type { RecentVms } from '../adapters/recentVms';
import type { Messages } from '../feedback/messages';
import { subjectOf } from '../feedback/subject';
import { nameInSentence } from '../text/names';
import type { SnapshotNode, VmNode } from '../text/treeNode';
import { findableId } from '../text/vmSearch';
import type { ServerPicker, ServerQuestion } from '../prompts/serverPicker';
import type { SnapshotPicker, SnapshotQuestion } from '../prompts/snapshotPicker';
import type { VmPicker, VmQuestion } from '../prompts/vmPicker';
import type { Invocation } from './commandRegistry';

/** Finds out what a command is about: the row that it was chosen on, or what the person picks. */
export class Targets {
  constructor(
    private readonly vmPicker: VmPicker,
    private readonly snapshotPicker: SnapshotPicker,
    private readonly serverPicker: ServerPicker,
    private readonly recent: RecentVms,
    private readonly messages: Pick<Messages, 'show'>,
  ) {}

  /**
   * The VM.
   *
   * @param attempt - what is to be done to it
   * @throws CancelledError when the person gives up; HypervisorError of kind `readOnlyServer` when nothing may be done.
   */
  async vm(invocation: Invocation, question: VmQuestion, attempt?: OperationKind): Promise<VmNode> {
    requireOneRow(invocation);
    const node = vmRow(invocation) ?? (await this.vmPicker.pick(question));
    invocation.act.about(subjectOf(node, attempt));
    if (attempt !== undefined) {
      // Before anything is asked that would then be refused.
      requireWritable(node.connection);
    }
    await this.recent.add(findableId(node.connection, node.vm));
    return node;
  }

  /**
   * The snapshot. From the palette the VM is picked first.
   *
   * @returns undefined when the VM has none that could be meant; the person has been told then
   * @throws CancelledError when the person gives up.
   */
  async snapshot(
    invocation: Invocation,
    question: SnapshotQuestion,
    attempt: OperationKind,
  ): Promise<SnapshotNode | undefined> {
    requireOneRow(invocation);
    if (invocation.node?.kind === 'snapshot') {
      invocation.act.about(subjectOf(invocation.node, attempt));
      requireWritable(invocation.node.connection);
      return invocation.node;
    }
    const vm = await this.vm(
      invocation,
      { title: question.title, accepts: ({ snapshots }) => snapshots.roots.length > 0 },
      attempt,
    );
    return await this.snapshotOf(vm, invocation, question, attempt);
  }

  /** A snapshot of a VM that is known already. As {@link snapshot}. */
  async snapshotOf(
    vm: VmNode,
    { act }: Invocation,
    question: SnapshotQuestion,
    attempt: OperationKind,
  ): Promise<SnapshotNode | undefined> {
    const node = await this.snapshotPicker.pick(vm, question);
    if (node === undefined) {
      this.messages.show('information', vscode.l10n.t("'{0}' has no such snapshot.", nameInSentence(vm.vm.name)));
      return undefined;
    }
    act.about(subjectOf(node, attempt));
    return node;
  }

  /**
   * The server.
   *
   * @returns undefined when there is none that could be meant; the person has been told then
   * @throws CancelledError when the person gives up.
   */
  async server(invocation: Invocation, question: ServerQuestion): Promise<HypervisorConnection | undefined> {
    requireOneRow(invocation);
    const connection = invocation.node?.connection ?? (await this.serverPicker.pick(question));
    if (connection !== undefined) {
      invocation.act.about(subjectOf({ kind: 'server', connection }));
    }
    return connection;
  }
}

/** What a dialog says is about one VM: doing it to others that are selected, or to none of them, would be a surprise. */
function requireOneRow({ nodes }: Invocation): void {
  if (nodes.length > 1) {
    throw new HypervisorError('invalidInput', 'several rows are selected', () =>
      vscode.l10n.t('Several rows are selected. Select one: this works on one at a time.'),
    );
  }
}

/** The VM of the row that a command was chosen on, as it is known now. */
function vmRow({ node }: Invocation): VmNode | undefined {
  if (node?.kind === 'vm') {
    return node;
  }
  if (node?.kind === 'snapshot' || node?.kind === 'present') {
    const vm = node.connection.inventory.vm(node.vmId);
    return vm && { kind: 'vm', connection: node.connection, vm };
  }
  return undefined;
}
