import type { SnapshotId } from '../../hypervisor/model/ids';
import type { Snapshot, SnapshotTree } from '../../hypervisor/model/snapshot';
import { pathTo } from '../../hypervisor/model/snapshotTree';

/** A snapshot's place among the rows of its VM. */
export interface SnapshotRow {
  readonly snapshot: Snapshot;
  /** Set where several branches start in the same list: which one starts with this row, from 1. */
  readonly branch: number | undefined;
}

/**
 * Where the snapshots of a VM stand as rows. In vSphere every snapshot hangs under the one before it, so a chain of ten
 * would be indented ten times; here a list of rows is a chain, and only branches indent.
 *
 * @remarks The rules, by which the rows tell the tree again:
 * - a row is based on the row above it in its list, and the first one on the row that the list hangs under
 *   (on the VM's base disks, directly under the VM);
 * - a row marked as a branch is based on what its list hangs under, too, whatever stands above it.
 *
 * And how the lists are made:
 * - directly under the VM stands the line that leads to the present state, oldest first, *You are here* last;
 * - a branch that does not lead there hangs under the row that it leaves, and goes on flat there;
 * - where several such branches leave the same row, each is marked, and what follows on it hangs under its first row.
 *
 * Examples, with `*` for *You are here*:
 * ```
 * a-b-c-*          a, b, c, *
 * a-b-*  b-x-y     a, b [x, y], *
 * a-b-*  a-x, a-y  a [x 1, y 2], b, *
 * a-*    a-x-y     a [x, y], *
 * a-b    (present on no snapshot)    a 1 [b], * 2
 * a-b, r-s-*       a 1 [b], r 2, s, *
 * ```
 */
export class SnapshotLayout {
  private readonly lists = new Map<SnapshotId | undefined, SnapshotRow[]>();
  private readonly parents = new Map<SnapshotId, SnapshotId | undefined>();
  private readonly rows = new Map<SnapshotId, SnapshotRow>();
  private readonly mainLine: ReadonlyMap<SnapshotId, Snapshot | undefined>;

  /** As {@link SnapshotRow.branch}, for *You are here*: set when it is based on no snapshot although there are some. */
  readonly presentBranch: number | undefined;

  constructor(tree: SnapshotTree) {
    const path = pathTo(tree, tree.currentId);
    this.mainLine = new Map(path.map((snapshot, index) => [snapshot.id, path[index + 1]]));
    const presentIsBranch = path.length === 0 && tree.roots.length > 0;
    this.presentBranch = presentIsBranch ? tree.roots.length + 1 : undefined;
    const pending: { readonly heads: readonly Snapshot[]; readonly under: SnapshotId | undefined }[] = [
      { heads: tree.roots, under: undefined },
    ];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { under } = next;
      const heads = [...next.heads].sort((a, b) => this.compareHeads(a, b));
      const areMarked = heads.length > 1 || (under === undefined && presentIsBranch);
      for (const [index, head] of heads.entries()) {
        const branches = this.addLine(head, under, areMarked ? index + 1 : undefined);
        pending.push(...branches);
      }
    }
  }

  /** The rows directly under a snapshot's row, or under the VM; without *You are here*. */
  rowsUnder(id: SnapshotId | undefined): readonly SnapshotRow[] {
    return this.lists.get(id) ?? [];
  }

  row(id: SnapshotId): SnapshotRow | undefined {
    return this.rows.get(id);
  }

  /** The snapshot under whose row this one stands; undefined directly under the VM. */
  parentOf(id: SnapshotId): SnapshotId | undefined {
    return this.parents.get(id);
  }

  /** Adds the rows that start with `head`, and gives the branches that leave them. */
  private addLine(
    head: Snapshot,
    under: SnapshotId | undefined,
    branch: number | undefined,
  ): { heads: readonly Snapshot[]; under: SnapshotId }[] {
    const branches: { heads: readonly Snapshot[]; under: SnapshotId }[] = [];
    for (let at: Snapshot | undefined = head; at !== undefined;) {
      const snapshot: Snapshot = at;
      if (this.rows.has(snapshot.id)) {
        // An identity that a server gives twice would be two rows of one name, which the editor refuses.
        break;
      }
      this.addRow(snapshot, under, snapshot === head ? branch : undefined);
      // After a marked row that does not lead to the present, the next marked one has to follow at once.
      const next = branch !== undefined && !this.mainLine.has(head.id) ? undefined : this.nextInLine(snapshot);
      const leaving = snapshot.children.filter((child) => child !== next);
      if (leaving.length > 0) {
        branches.push({ heads: leaving, under: snapshot.id });
      }
      at = next;
    }
    return branches;
  }

  private nextInLine(snapshot: Snapshot): Snapshot | undefined {
    if (this.mainLine.has(snapshot.id)) {
      return this.mainLine.get(snapshot.id);
    }
    return snapshot.children.length === 1 ? snapshot.children[0] : undefined;
  }

  private addRow(snapshot: Snapshot, under: SnapshotId | undefined, branch: number | undefined): void {
    const row = { snapshot, branch };
    const list = this.lists.get(under);
    if (list === undefined) {
      this.lists.set(under, [row]);
    } else {
      list.push(row);
    }
    this.parents.set(snapshot.id, under);
    this.rows.set(snapshot.id, row);
  }

  /** Oldest first, but what leads to the present state last, as *You are here* follows it. */
  private compareHeads(a: Snapshot, b: Snapshot): number {
    return (
      Number(this.mainLine.has(a.id)) - Number(this.mainLine.has(b.id)) ||
      a.createdAtMs - b.createdAtMs ||
      a.number - b.number
    );
  }
}
