import type { Snapshot } from '../../hypervisor/model/snapshot';
import type { ToHost } from '../../webview/protocol/toHost';
import type { PageParts } from '../../webview/protocol/toPage';
import { InPlaceEdit } from '../commands/inPlaceEdit';
import { editConflict } from '../text/manager/editConflict';
import type { SnapshotNode, TreeNode } from '../text/treeNode';

type State = NonNullable<PageParts['edit']>;
type Base = Pick<Snapshot, 'id' | 'name' | 'description'>;

// Nobody looks at so many texts between the first letter and the last.
const maxBases = 1_000;

/** The editing of name and description in the page: on which texts it is based, and how it goes on. */
export class PanelEdit {
  private current: State | undefined;
  /** What was shown, by its number, the newest last. */
  private readonly bases = new Map<number, Base>();
  private revision = 0;

  /** @param run - runs the command that edits; resolves when it has ended, however */
  constructor(
    private readonly run: (node: SnapshotNode, edit: InPlaceEdit) => Promise<void>,
    private readonly changed: () => void,
  ) {}

  get state(): State | null {
    return this.current ?? null;
  }

  /**
   * Takes note of what the page shows of a snapshot, and numbers it.
   *
   * @remarks What was shown before stays known: whoever types meanwhile has begun with that, and is told of the change
   * when it is saved.
   */
  show({ id, name, description }: Snapshot): number {
    const base = this.bases.get(this.revision);
    const isSame = base?.id === id && base.name === name && base.description === description;
    return isSame ? this.revision : this.note({ id, name, description });
  }

  /** Sends what was typed. @returns why not; undefined when it is on its way */
  start(node: TreeNode | undefined, message: Extract<ToHost, { type: 'edit' }>): string | undefined {
    const { current } = this;
    const { id, revision, name, description } = message;
    const base = this.bases.get(revision);
    if (node?.kind !== 'snapshot' || base?.id !== node.snapshot.id) {
      return 'not based on what was shown';
    }
    if (current?.state === 'saving') {
      return 'being saved already';
    }
    if (current?.state === 'conflict' && current.id === id && current.revision !== revision) {
      return 'not based on what somebody else has written';
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
      const revision = this.note({ ...theirs, id: id as Snapshot['id'] });
      this.set({
        id,
        state: 'conflict',
        sentence: editConflict(theirs.name),
        theirName: theirs.name,
        theirDescription: theirs.description,
        revision,
      });
    } else {
      // A failure has been told; what was typed is still there.
      this.set(isDone ? undefined : { ...nothingTheirs, id, state: 'open', revision: this.current.revision });
    }
  }

  private note(base: Base): number {
    this.bases.set(++this.revision, base);
    this.bases.delete(this.revision - maxBases);
    return this.revision;
  }

  private set(state: State | undefined): void {
    this.current = state;
    this.changed();
  }
}

const nothingTheirs = { sentence: '', theirName: '', theirDescription: '' };
