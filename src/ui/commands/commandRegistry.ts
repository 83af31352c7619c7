import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../common/disposable';
import { HypervisorError } from '../../hypervisor/errors';
import type { Act, CommandBoundary } from '../feedback/commandBoundary';
import { commandId, type CommandName, commandTable, isLostRow, onSelection } from '../text/commandIds';
import type { TreeNode } from '../text/treeNode';
import { nodesOf } from '../tree/treeElement';

/** How a command was chosen. */
export interface Invocation {
  /** The row that it was chosen on; undefined from the palette. */
  readonly node: TreeNode | undefined;
  /** All rows that it was chosen on, of which `node` is one. */
  readonly nodes: readonly TreeNode[];
  /** What a row of another view handed over; narrowed by the command that stands there. */
  readonly argument: unknown;
  readonly act: Act;
}

export type CommandHandler = (invocation: Invocation) => Promise<void>;

/** A handler for every command of the table: leaving one out does not compile. */
export type CommandHandlers = Readonly<Record<CommandName, CommandHandler>>;

/** Places other than trees in whose menus commands stand. */
export interface CommandPlaces {
  /** The rows that an argument stands for; undefined when it comes from elsewhere. */
  rowsOf(argument: unknown): readonly TreeNode[] | undefined;
  /** Whether the place itself does what the command is for, in its own way. */
  takesOver(name: CommandName, argument: unknown): boolean;
}

/** Puts the commands of the table into the editor, each behind the boundary. */
export class CommandRegistry implements Disposable {
  private readonly registrations = new DisposableStore();

  /**
   * Registers every command.
   *
   * @param handlers - gives what the commands do; asked when one is chosen
   * @param selection - the selected rows of the inventory, for keys, which the editor presses on no row
   * @param panels - where commands are chosen besides rows of trees
   */
  constructor(
    private readonly boundary: CommandBoundary,
    private readonly handlers: () => Promise<CommandHandlers>,
    private readonly selection: () => readonly TreeNode[],
    private readonly panels: CommandPlaces,
  ) {
    for (const name of Object.keys(commandTable) as CommandName[]) {
      this.registrations.add(
        vscode.commands.registerCommand(commandId(name), async (...handed: unknown[]) => {
          const [clicked, selected] = handed;
          if (isLostRow(name, handed)) {
            await this.boundary.run(name, () => Promise.reject(rowChanged()));
          } else if (!this.panels.takesOver(name, clicked)) {
            await this.run(name, this.rowsOf(clicked, selected), clicked);
          }
        }),
      );
    }
  }

  /** Runs a command as if it had been chosen on `node`. Never rejects. */
  async invoke(name: CommandName, node?: TreeNode, argument?: unknown): Promise<void> {
    await this.run(name, node === undefined ? [] : [node], argument);
  }

  dispose(): void {
    this.registrations.dispose();
  }

  private rowsOf(clicked: unknown, selected: unknown): readonly TreeNode[] {
    return clicked === onSelection ? this.selection() : (this.panels.rowsOf(clicked) ?? nodesOf(clicked, selected));
  }

  private async run(name: CommandName, nodes: readonly TreeNode[], argument: unknown): Promise<void> {
    await this.boundary.run(name, async (act) => {
      const handlers = await this.handlers();
      await handlers[name]({ node: nodes[0], nodes, argument, act });
    });
  }
}

/** Asking for a VM instead would be a surprise: the person has chosen one already. */
function rowChanged(): HypervisorError {
  return new HypervisorError('invalidInput', 'the row was drawn anew meanwhile', () =>
    vscode.l10n.t('The row was just changing. Choose again.'),
  );
}
