import type { RowDescription } from '../text/rowContext';
import type { InventoryNode, TreeNode } from '../text/treeNode';

/**
 * What VS Code holds for a row of the inventory and hands to commands.
 *
 * @remarks VS Code knows a row by this very object, so there is one for each row as long as the row is shown; the data
 * in it is replaced when the row changes.
 */
export class TreeElement {
  /** What VS Code was told to draw last; undefined before that. */
  drawn: RowDescription | undefined;

  constructor(
    readonly id: string,
    /** What the row stood for when VS Code asked for it last. */
    public node: InventoryNode,
  ) {}

  /** How the row is as long as nobody has unfolded or folded it. */
  get initially(): RowDescription['collapsible'] {
    return this.drawn?.collapsible ?? 'none';
  }
}

/** The row that a command was chosen on; undefined for a heading, and when the command came from elsewhere. */
export function nodeOf(argument: unknown): TreeNode | undefined {
  return argument instanceof TreeElement ? withoutGroup(argument.node) : undefined;
}

/** A row that commands act on; headings are none. */
export function withoutGroup(node: InventoryNode): TreeNode | undefined {
  return node.kind === 'group' ? undefined : node;
}

/**
 * The rows that a command was chosen on: all selected ones when the clicked row is among them, else the clicked row.
 *
 * @param clicked - first argument of the handler
 * @param selected - second argument of the handler
 */
export function nodesOf(clicked: unknown, selected: unknown): TreeNode[] {
  const all = Array.isArray(selected) && selected.length > 0 ? (selected as readonly unknown[]) : [clicked];
  return all.flatMap((each) => nodeOf(each) ?? []);
}
