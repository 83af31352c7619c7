import type { Snapshot } from '../../hypervisor/model/snapshot';
import type { ToHost } from '../../webview/protocol/toHost';
import type { PageParts } from '../../webview/protocol/toPage';
import { InPlaceEdit } from '../commands/inPlaceEdit';
import { editConflict } from '../text/manager/editConflict';
import type { SnapshotNode, TreeNode } from '../text/treeNode';

type State = NonNullable<PageParts['edit']>;
type Base = Pick<Snapshot, 'id' | 'name' | 'description'>;

/** The editing of name and description in the page: on which texts it is based, and how it goes on. */
export class PanelEdit {
  private current: State | undefined;
  private base: Base | undefined;
  private revision = 0;

  /** @param run - runs the command that edits; resolves when it has ended, however */
  constructor(
    private readonly run: (node: SnapshotNode, edit: InPlaceEdit) => Promise<void>,
    private readonly changed: () => void,
  ) {}

  get state(): State | null {
    return this.current ?? null;
  }

  /** Takes note of what the page shows of a snapshot, and numbers it. What an open edit is based on stays. */
  show(snapshot: Snapshot): number {
    const { base } = this;
    const isSame = base?.id === snapshot.id && base.name === snapshot.name && base.description === snapshot.description;
    if (!isSame && this.current === undefined) {
      this.base = snapshot;
      this.revision++;
    }
    return this.revision;
  }

  /** Sends what was typed. @returns why not; undefined when it is on its way */
  start(node: TreeNode | undefined, message: Extract<ToHost, { type: 'edit' }>): string | undefined {
    const { base } = this;
    const { id, revision, name, description } = message;
    if (node?.kind !== 'snapshot' || base?.id !== node.snapshot.id || revision !== this.revision) {
      return 'not based on what was shown';
    }
    if (this.current?.state === 'saving') {
      return 'being saved already';
    }
    const edit = new InPlaceEdit(base, { name, description });
    this.set({ ...nothingTheirs, id, state: 'saving', revision });
    void this.run(node, edit).finally(() => {
      this.end(id, edit);
    });
    return undefined;
  }

  close(): void {
    this.set(undefined);
  }

  private end(id: string, { isDone, theirs }: InPlaceEdit): void {
    if (this.current?.state !== 'saving' || this.current.id !== id) {
      return;
    }
    if (theirs !== undefined) {
      this.base = { ...theirs, id: id as Snapshot['id'] };
      this.revision++;
      this.set({
        id,
        state: 'conflict',
        sentence: editConflict(theirs.name),
        theirName: theirs.name,
        theirDescription: theirs.description,
        revision: this.revision,
      });
    } else {
      // A failure has been told; what was typed is still there.
      this.set(isDone ? undefined : { ...nothingTheirs, id, state: 'open', revision: this.revision });
    }
  }

  private set(state: State | undefined): void {
    this.current = state;
    this.changed();
  }
}

const nothingTheirs = { sentence: '', theirName: '', theirDescription: '' };
