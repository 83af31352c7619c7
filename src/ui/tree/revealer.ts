import type * as vscode from 'vscode';
import { sleep } from '../../common/cancellation';
import type { Clock } from '../../common/clock';
import type { Logger } from '../../common/logger';
import { type InventoryNode, nodeId } from '../text/treeNode';
import type { ViewRows } from '../text/viewRows';
import type { RefreshScheduler } from './refreshScheduler';
import type { ShownRows } from './shownRows';
import type { TreeElement } from './treeElement';

// Drawing a few rows anew takes VS Code some tens of milliseconds, and each attempt opens one row more.
const revealAttempts = 10;
const revealAgainAfterMs = 100;

export interface RevealOptions {
  /** Unfolds the row, for a VM its snapshots. */
  readonly expand?: boolean;
  /** Takes the keyboard to the row. */
  readonly focus?: boolean;
}

/** Brings rows of the view to where the person sees them. */
export class Revealer {
  constructor(
    private readonly view: Pick<vscode.TreeView<TreeElement>, 'reveal' | 'selection'>,
    private readonly shown: ShownRows,
    private readonly rows: ViewRows,
    private readonly scheduler: RefreshScheduler,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Selects a row and brings it into view, the view included. @returns whether there is such a row in the present layout. */
  async reveal(node: InventoryNode | undefined, { expand, focus }: RevealOptions = {}): Promise<boolean> {
    if (node === undefined || !this.rows.isPlaced(node)) {
      return false;
    }
    // VS Code looks for the row in what it was told last.
    this.scheduler.flush();
    const element = this.shown.element(node);
    try {
      for (let attempt = 1; attempt <= revealAttempts; attempt++) {
        await this.view.reveal(element, { select: true, focus: focus ?? false, expand: expand ?? false });
        // While VS Code draws rows anew it opens only some of the rows on the way, and says that all is well.
        if (this.view.selection.includes(element)) {
          return true;
        }
        await sleep(this.clock, revealAgainAfterMs);
      }
      this.logger.debug(`could not reveal ${nodeId(node)}: it does not get selected`);
      return false;
    } catch (error) {
      // The row has gone while VS Code was looking for it.
      this.logger.debug(`could not reveal ${nodeId(node)}: ${String(error)}`);
      return false;
    }
  }
}
